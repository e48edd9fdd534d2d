import { capital } from './desk-words';

/** Sentences below each other, each with a capital; nothing where there is none. */
export function Lines({ lines }: { lines: readonly string[] }) {
  return lines.length ? <ul className="plain-lines">{lines.map((line) => <li key={line}>{capital(line)}</li>)}</ul> : null;
}
