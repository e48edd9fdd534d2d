interface Props {
  /** The session shown. */
  value: string | null | undefined;
  /** The newest one there is. */
  newest: string | null | undefined;
  onPick: (day: string | undefined) => void;
}

/** Which session is shown; the newest unless another is asked for. */
export function SessionPicker({ value, newest, onPick }: Props) {
  return (
    <span className="picker">
      <label>
        Session{' '}
        <input
          key={value ?? ''}
          type="date"
          defaultValue={value ?? ''}
          max={newest ?? undefined}
          onChange={(event) => {
            const day = event.currentTarget.value;
            if (day.length === 10 && day > '1900') onPick(day === newest ? undefined : day);
          }}
        />
      </label>
      {newest && value && value !== newest && (
        <button type="button" className="plain" onClick={() => onPick(undefined)}>
          newest
        </button>
      )}
    </span>
  );
}
