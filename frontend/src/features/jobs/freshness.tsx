import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { dataHealthQuery, type Finding } from '@/api/health';
import { type Known, knownSymbolsQuery } from '@/api/known-symbols';
import { type Domain, domainsQuery, readyQuery } from '@/api/queries';
import { counted, instant, shortDate } from '@/lib/format';
import { ErrorBox, Said, Waiting } from '@/ui/states';
import { boardFreshness, groupFindings } from './board-freshness';

/** How old the data is: on the whole, by board, and what the doctor finds. */
export function Freshness() {
  const ready = useQuery(readyQuery).data;
  const health = useQuery(dataHealthQuery);
  const known = useQuery(knownSymbolsQuery);
  const domains = useQuery(domainsQuery).data?.domains;
  return (
    <>
      {ready && (
        <dl className="figures">
          <div><dt>Newest ranks</dt><dd><b>{ready.as_of ? shortDate(ready.as_of) : 'none'}</b></dd><dd className="note">{ready.stale_sessions ? `${counted(ready.stale_sessions, 'session')} behind` : ready.as_of ? 'current' : ''}</dd></div>
          <div><dt>Prices expected up to</dt><dd><b>{shortDate(ready.expected_session)}</b></dd><dd className="note">next {instant(ready.fresh_until)}</dd></div>
          <div><dt>Prices came from</dt><dd><b>{ready.source ?? 'what is stored'}</b></dd><dd className="note">{ready.simulated ? 'an invented market' : 'the newest cycle’s source'}</dd></div>
        </dl>
      )}
      <section className="card" aria-labelledby="by-board">
        <h2 id="by-board">By board</h2>
        {known.error && <ErrorBox error={known.error} again={() => void known.refetch()} />}
        {known.data && domains ? <ByBoard domains={domains} known={known.data} /> : !known.error && <Waiting rows={8} height={32} />}
      </section>
      <section className="card" aria-labelledby="findings">
        <h2 id="findings">What was looked at</h2>
        <p className="about">The same as <code>pacesetter doctor</code> says.</p>
        {health.error && <ErrorBox error={health.error} again={() => void health.refetch()} />}
        {health.isPending && <Waiting rows={4} height={32} />}
        {health.data && <Findings findings={health.data.findings} />}
      </section>
    </>
  );
}

function ByBoard({ domains, known }: { domains: Domain[]; known: Map<string, Known> }) {
  const newest = [...known.values()].reduce((max, one) => (one.pricedUntil && one.pricedUntil > max ? one.pricedUntil : max), '');
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label="Freshness by board" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Board</th><th scope="col" className="number phone-gone">Members</th><th scope="col">Newest price</th><th scope="col">How current</th>
          </tr>
        </thead>
        <tbody>
          {domains.map((board) => {
            const { until, older, without } = boardFreshness(board.members, known, newest);
            return (
              <tr key={board.slug}>
                <th scope="row"><Link to="/boards/$board" params={{ board: board.slug }} data-row={board.slug}>{board.name}</Link></th>
                <td className="number phone-gone">{board.members.length}</td>
                <td className="nowrap">{until ? shortDate(until) : <span className="state bad"><span aria-hidden="true">✕</span> none</span>}</td>
                <td>
                  {older.length + without.length === 0 && <><span className="state good" aria-hidden="true">✓</span> All members are current</>}
                  {older.length > 0 && <span className="block"><span className="state bad"><span aria-hidden="true">!</span> older:</span> <Symbols list={older.map(([symbol, on]) => `${symbol} (${shortDate(on)})`)} /></span>}
                  {without.length > 0 && <span className="block"><span className="state bad"><span aria-hidden="true">!</span> no price:</span> <Symbols list={without} /></span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Symbols({ list }: { list: string[] }) {
  const rest = list.length - 5;
  return <span className="note" title={list.join(', ')}>{list.slice(0, 5).join(', ')}{rest > 0 && ` and ${rest} more`}</span>;
}

const MARKS: Record<string, [string, string]> = { ok: ['✓', 'good'], warn: ['!', 'warn'], bad: ['✕', 'bad'] };

function Findings({ findings }: { findings: Finding[] }) {
  return (
    <ul className="log findings">
      {groupFindings(findings).map(({ level, what, mend }) => {
        const [mark, tone] = MARKS[level] ?? ['?', 'busy'];
        return (
          <li key={what}>
            <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {level === 'ok' ? 'well' : level === 'warn' ? 'look' : 'mend'}</span>
            <span><Said text={what} />{mend && <span className="note block">mend: <code>{mend}</code></span>}</span>
          </li>
        );
      })}
    </ul>
  );
}
