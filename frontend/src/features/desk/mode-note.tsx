import { Link } from '@tanstack/react-router';
import type { Desk } from '@/api/desk';
import { MODES } from './desk-words';

/** How the desk works now, and where that is changed. */
export function ModeNote({ desk }: { desk: Desk }) {
  const mode = MODES[desk.mode];
  return (
    <p className="mode-note">
      <b className={`mode ${desk.mode}`}>{mode?.name ?? desk.mode}</b> <span className="note">{mode?.about}</span>{' '}
      <span className="note">{desk.portfolio ? <>Sizes and limits are those of “{desk.portfolio}”.</> : 'No portfolio is named, so sizes are those of an empty one.'}</span>{' '}
      <Link to="/desk/agents/$agent" params={{ agent: 'desk' }} className="note">Change</Link>
    </p>
  );
}
