import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Text, type TextKind, textsQuery } from '@/api/texts';
import { counted, instantInFull, shortDate } from '@/lib/format';
import { ErrorBox, Waiting } from '@/ui/states';
import { title } from './desk-words';

interface Props {
  /** Of this symbol alone. */
  symbol?: string;
  kind?: TextKind | undefined;
  /** What is said where there is none. */
  children: React.ReactNode;
}

/** Texts with their kind, their day, where they came from and how they begin. */
export function TextList({ symbol, kind, children }: Props) {
  const asked = useInfiniteQuery(textsQuery({ ...(symbol && { symbol }), kind }));
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (asked.isPending) return <Waiting rows={2} height={48} />;
  if (!rows.length) return children;
  return (
    <>
      <ul className="log text-list">{rows.map((row) => <TextRow key={row.id} row={row} own={symbol !== undefined} />)}</ul>
      {asked.hasNextPage && <button type="button" className="plain" disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>Show more of {asked.data.pages[0]?.count}</button>}
    </>
  );
}

function TextRow({ row, own }: { row: Text; own: boolean }) {
  return (
    <li>
      <span className="note">{title(row.kind)}</span>
      <div>
        {!own && row.symbol && <><Link to="/desk/queue/$ticker" params={{ ticker: row.symbol }} data-row={row.id}>{row.symbol}</Link>{' '}</>}
        <b>{row.title}</b>
        <p className="excerpt">{row.excerpt}</p>
        <p className="note file">{row.source}, {counted(row.n_characters, 'character')}</p>
      </div>
      <span className="note when">{shortDate(row.noted_on)}<span className="block">known {instantInFull(row.known_at)}</span></span>
    </li>
  );
}
