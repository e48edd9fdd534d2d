import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { historyQuery, type HistoryRow } from '@/api/queries';
import { counted, shortDate } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { BoardSection } from './board-section';
import { SPANS } from './search';

const route = getRouteApi('/symbols/$ticker');

/** Everything known of a symbol: where it stands on each of its boards, why, and since when. */
export function SymbolPage() {
  const { ticker } = route.useParams();
  const { show = 'rank', span = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(historyQuery(ticker));
  const boards = useMemo(() => byBoard(asked.data?.rows ?? []), [asked.data]);
  const name = asked.data?.name;
  useTitle(asked.data?.symbol ?? ticker);
  useLinkKeys();
  const dates = new Set(asked.data?.rows.map((row) => row.date));
  const first = asked.data?.rows.at(-1)?.date;

  return (
    <>
      <div className="page-head">
        <div>
          <h1>
            {asked.data?.symbol ?? ticker} {name && name !== asked.data?.symbol && <span className="soft">{name}</span>}
          </h1>
          {first && (
            <p className="lead">
              On {counted(boards.length, 'board')}, {counted(dates.size, 'published session')} since {shortDate(first)}
            </p>
          )}
        </div>
        {boards.length > 0 && (
          <div className="switches">
            <SegmentedControl
              aria-label="What the chart shows"
              value={show}
              data={[{ value: 'rank', label: 'Rank' }, { value: 'score', label: 'Score' }]}
              onChange={(value) => void navigate({ search: (now) => ({ ...now, show: value }), replace: true })}
            />
            <SegmentedControl
              aria-label="How far back"
              value={span}
              data={SPANS.map((value) => ({ value, label: value === 'all' ? 'All' : value.toUpperCase() }))}
              onChange={(value) => void navigate({ search: (now) => ({ ...now, span: value }), replace: true })}
            />
          </div>
        )}
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={3} height={180} />}
      {asked.data && boards.length === 0 && (
        <Empty title="Not ranked on any board">
          <p>{asked.data.symbol} is known, but no published board has it.</p>
          <p><code>pacesetter domains add “My Few” --symbols {asked.data.symbol}</code> puts it on one of your own.</p>
        </Empty>
      )}
      {boards.map((rows) => (
        <BoardSection key={rows[0]?.slug} ticker={asked.data?.symbol ?? ticker} rows={rows} show={show} span={span} />
      ))}
    </>
  );
}

/** Rows of each board, in the order in which the boards come; newest first inside. */
export function byBoard(rows: HistoryRow[]): HistoryRow[][] {
  const boards = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const own = boards.get(row.slug);
    if (own) own.push(row);
    else boards.set(row.slug, [row]);
  }
  return [...boards.values()];
}
