import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Change, type Changes, moversQuery } from '@/api/changes';
import { ApiError } from '@/api/client';
import type { Domain } from '@/api/queries';
import { causeInWords, mainCause } from '@/lib/causes';
import { shortDate, signed } from '@/lib/format';
import { RankChange } from '@/ui/rank-change';
import { ErrorBox, Waiting } from '@/ui/states';

const EACH = 8;
const LARGE = 20; // a board on which places mean something

interface Props {
  domains: Domain[];
  on: string | undefined;
  /** The board whose movers are shown; the largest when absent. */
  board: string | undefined;
  onBoard: (slug: string | undefined) => void;
}

type Mover = Change & { slug: string; board: string; first: string };

/** Who moved furthest since the published session before, and what moved it most. */
export function Movers({ domains, on, board, onBoard }: Props) {
  const slugs = moverBoards(domains, board);
  const asked = useQuery({ ...moversQuery(slugs.length === 1 ? slugs[0] : undefined, on), enabled: slugs.length > 0 });
  const found = asked.data?.filter((one) => slugs.includes(one.slug)) ?? [];
  const absent = asked.data ? !found.length : isAbsent(asked.error);
  const failed = asked.error !== null && !absent;
  const moved = found.flatMap((one) => one.rows.map((row) => ({ ...row, slug: one.slug, board: one.board, first: one.first })));
  return (
    <section className="card mover-card" aria-labelledby="movers">
      <div className="card-head">
        <h2 id="movers">Movers</h2>
        <label className="picker">
          <span className="hidden">Movers of </span>
          <select value={board ?? (slugs.length === 1 ? slugs[0] : '')} onChange={(event) => onBoard(event.currentTarget.value || undefined)}>
            {(slugs.length > 1 || !slugs.length) && <option value="">All boards</option>}
            {domains.map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
          </select>
        </label>
      </div>
      {found.length > 0 && <p className="about">{since(found)}</p>}
      {failed && !moved.length && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isLoading && <Waiting rows={EACH} height={36} />}
      {!asked.isLoading && !failed && !moved.length && <p className="note">{absent ? 'There is no published session before this one yet.' : 'No rank moved.'}</p>}
      {moved.length > 0 && (
        <div className="sides">
          <Side title="Up" rows={furthest(moved, 1)} several={slugs.length > 1} />
          <Side title="Down" rows={furthest(moved, -1)} several={slugs.length > 1} />
        </div>
      )}
    </section>
  );
}

/** Nothing is ranked yet: there is nothing to compare. */
function isAbsent(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The board chosen; else the largest, where it is large; else all of them together. */
export function moverBoards(domains: Domain[], chosen: string | undefined): string[] {
  if (chosen && domains.some((one) => one.slug === chosen)) return [chosen];
  const [largest] = [...domains].sort((a, b) => b.members.length - a.members.length);
  return largest && largest.members.length >= LARGE ? [largest.slug] : domains.map((one) => one.slug);
}

/** The largest moves one way; of a symbol on several boards the largest. */
export function furthest<T extends { symbol: string; rank_change: number | null }>(rows: T[], sign: 1 | -1): T[] {
  const ordered = rows
    .filter((row) => Math.sign(row.rank_change ?? 0) === sign)
    .sort((a, b) => Math.abs(b.rank_change ?? 0) - Math.abs(a.rank_change ?? 0));
  const seen = new Set<string>();
  return ordered.filter((row) => !seen.has(row.symbol) && seen.add(row.symbol)).slice(0, EACH);
}

function since([first]: Changes[]): string {
  return first ? `Places from ${shortDate(first.first)} to ${shortDate(first.last)}, and what moved each one most.` : 'Since the session before.';
}

function Side({ title, rows, several }: { title: string; rows: Mover[]; several: boolean }) {
  return (
    <div>
      <h3>{title}</h3>
      {!rows.length && <p className="note">Nobody.</p>}
      <ol className="mover-list">
        {rows.map((row) => {
          const cause = mainCause(row.rank_change ?? 0, row.rank_shares);
          return (
            <li key={row.symbol}>
              <RankChange rank={row.rank_after} change={row.rank_change} since={row.first} />
              <span className="symbol">
                <span>
                  <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} search={{ board: row.slug }} data-row={row.symbol}>{row.symbol}</Link>
                  {row.name && row.name !== row.symbol && <span className="note"> {row.name}</span>}
                </span>
              </span>
              <span className="note ends">#{row.rank_before} → #{row.rank_after}</span>
              <span className="note cause">
                {cause && `${causeInWords(cause[0])} ${signed(cause[1], 1)}`}
                {several && ` · ${row.board}`}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
