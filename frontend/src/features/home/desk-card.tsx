import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deskQuery } from '@/api/desk';
import { counted, longDay } from '@/lib/format';
import '@/styles/desk.css';

/** What the desk found overnight, in one line; nothing before its first night. */
export function DeskCard() {
  const desk = useQuery(deskQuery).data;
  if (!desk?.night) return null;
  const quiet = desk.report_material === false;
  return (
    <section className="card desk-card" aria-labelledby="desk-card">
      <h2 id="desk-card"><Link to="/desk">Desk</Link> <span className="note">after {longDay(desk.night.on)}, {desk.night.regime} market</span></h2>
      <p className="figures-row">
        <span>{desk.waiting ? <b>{counted(desk.waiting, 'decision')} {desk.waiting === 1 ? 'waits' : 'wait'}</b> : 'No decision waits'}{desk.waiting > 0 && <> <Link to="/desk/decisions">Answer</Link></>}</span>
        <span>{counted(desk.fired, 'watch', 'watches')} fired{desk.fired > 0 && <> <Link to="/desk/watchlist">Look</Link></>}</span>
        <span><Link to="/desk/queue">{counted(desk.night.counts.waiting, 'symbol')} in the queue</Link></span>
        {desk.report_on && <span>{!desk.waiting && (quiet ? 'A quiet night. ' : 'Something has changed. ')}<Link to="/desk">Morning report</Link></span>}
      </p>
    </section>
  );
}
