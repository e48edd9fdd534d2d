import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError } from '@/api/client';
import { historyQuery } from '@/api/history';
import type { HistoryRow } from '@/api/queries';
import { type Symbol, symbolQuery } from '@/api/symbols';
import { decimals, shortDate, words } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { BoardSection } from './board-section';
import { DaySection } from './day-section';
import { DeskPanel } from './desk-panel';
import { ExposureSection } from './exposure-section';
import { PriceSection } from './price-section';

const route = getRouteApi('/symbols/$ticker');

/** Everything known of a symbol: its prices, where it stands on each of its boards, why, and since when. */
export function SymbolPage() {
  const { ticker } = route.useParams();
  const { board: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(historyQuery(ticker));
  const stands = useQuery(symbolQuery(ticker));
  const boards = useMemo(() => byBoard(asked.data?.rows ?? []), [asked.data]);
  const symbol = asked.data?.symbol ?? stands.data?.about.symbol ?? ticker;
  const name = asked.data?.name ?? stands.data?.about.name;
  // Known, but on no board: an ETF, or a symbol that was only just asked for. It has prices and exposures all the same.
  const apart = stands.data !== undefined && asked.error !== null && isAbsent(asked.error);
  useTitle(symbol);
  useLinkKeys();
  const rows = boards.find((one) => one[0]?.slug === chosen) ?? boards[0];
  const slug = rows?.[0]?.slug;
  if (stands.data?.about.asset_type === 'sealed_box') return <Navigate to="/boxes/$symbol" params={{ symbol }} replace />;

  return (
    <>
      <div className="page-head">
        <div>
          <h1>
            {symbol} {name && name !== symbol && <span className="soft">{name}</span>}
          </h1>
          {stands.data && <About symbol={stands.data} since={asked.data?.rows.at(-1)?.date} />}
        </div>
        <div className="switches">
          {boards.length > 1 && (
            <SegmentedControl
              size="sm"
              aria-label="Board"
              value={slug}
              data={boards.flatMap(([first]) => (first ? [{ value: first.slug, label: first.board }] : []))}
              onChange={(value) => void navigate({ search: (now) => ({ ...now, board: value, from: undefined, to: undefined }), replace: true })}
            />
          )}
          {slug && <Link className="link-button" to="/compare" search={{ symbols: symbol, board: slug }}>Compare with…</Link>}
        </div>
      </div>
      {stands.error && isAbsent(stands.error) && <Unknown ticker={ticker} />}
      {asked.error && !isAbsent(asked.error) && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {(asked.isPending || (stands.isPending && !asked.data)) && <Waiting rows={3} height={180} />}
      {(asked.data !== undefined || apart) && (
        <>
          <PriceSection ticker={symbol} />
          <DaySection ticker={symbol} />
          {rows ? (
            <BoardSection
              key={slug}
              ticker={symbol}
              rows={rows}
              standing={stands.data?.boards.find((one) => one.slug === slug)}
              waiting={stands.isPending}
            />
          ) : (
            <Empty title="Not ranked on any board">
              <p>{symbol} is known, but no published board has it.</p>
              <p><code>pacesetter domains add “My Few” --symbols {symbol}</code> puts it on one of your own.</p>
            </Empty>
          )}
          <DeskPanel ticker={symbol} />
          <ExposureSection ticker={symbol} />
        </>
      )}
    </>
  );
}

const isAbsent = (error: Error): boolean => error instanceof ApiError && error.status === 404;

function Unknown({ ticker }: { ticker: string }) {
  return (
    <section className="message" role="alert">
      <h2>{ticker} is not known yet</h2>
      <p>Nothing is stored of it under this name. It can be asked for: then it is described, priced and measured.</p>
      <p className="buttons"><Link className="link-button" to="/onboarding" search={{ symbols: ticker }}>Ask for {ticker}</Link></p>
    </section>
  );
}

/** Who it is, and how it did over a year. */
function About({ symbol: { about, long_term: year }, since }: { symbol: Symbol; since: string | undefined }) {
  return (
    <p className="facts">
      <span>{words(about.asset_type)}</span>
      {about.sector && <span>{about.industry ? `${about.sector}, ${about.industry}` : about.sector}</span>}
      {about.exchange_mic && <span>calendar {about.exchange_mic}</span>}
      {year?.score != null && (
        <span title="0 to 100, the mean of three parts: the year’s return, how little it fell, the share of its months that gained">
          long-term score <b>{decimals(year.score, 0)}</b>
        </span>
      )}
      {year && year.score == null && <span>no long-term score: {year.because}</span>}
      {since && <span>ranked since {shortDate(since)}</span>}
    </p>
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
