import { useMantineColorScheme } from '@mantine/core';

const NEXT = { auto: 'dark', dark: 'light', light: 'auto' } as const;
const SHOWN = { auto: ['◐', 'as the system'], dark: ['☾', 'dark'], light: ['☀', 'light'] } as const;

/** Colours: as the system has them, dark, light. The choice is kept. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [shape, words] = SHOWN[colorScheme];
  const next = NEXT[colorScheme];
  return (
    <button
      type="button"
      className="icon"
      onClick={() => setColorScheme(next)}
      aria-label={`Colours: ${words}. Switch to ${SHOWN[next][1]}`}
      title={`Colours: ${words}`}
    >
      <span aria-hidden="true">{shape}</span>
    </button>
  );
}
