import { Hidden } from './hidden';

interface Props {
  rank: number | null;
  change: number | null;
  /** The session it is compared with; null when there is none before. */
  since: string | null;
  /** What a board is ranked on. */
  of?: 'session' | 'day';
}

/** How far a rank moved: a shape, a sign and words; the colour only repeats them. */
export function RankChange({ rank, change, since, of = 'session' }: Props) {
  if (rank == null) return <Mark kind="same" shape="–" said="unranked" />;
  if (!since) return <Mark kind="same" shape="–" said={`no ${of} before`} />;
  if (change == null) return <Mark kind="new" shape="●" text="new" />;
  if (change > 0) return <Mark kind="up" shape="▲" text={`+${change}`} said="up" />;
  if (change < 0) return <Mark kind="down" shape="▼" text={`−${-change}`} said="down" />;
  return <Mark kind="same" shape="=" said="unchanged" />;
}

function Mark({ kind, shape, text, said }: { kind: string; shape: string; text?: string; said?: string }) {
  return (
    <span className={`change ${kind}`}>
      <span aria-hidden="true">{shape}</span> {text}
      {said && <Hidden> {said}</Hidden>}
    </span>
  );
}
