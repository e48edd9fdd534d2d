import { useQueries } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { linesQuery } from '@/api/history';
import { adjusted, pricesQuery } from '@/api/prices';
import type { Line } from '@/charts/lines-chart';
import { decimals, signed } from '@/lib/format';
import type { Span } from '@/lib/spans';
import { ErrorBox, Waiting } from '@/ui/states';
import { rebased, spanned } from './lines';
import type { Shown } from './search';

const LinesChart = lazy(async () => ({ default: (await import('@/charts/lines-chart')).LinesChart }));

interface Props {
  symbols: string[];
  board: string;
  show: Shown;
  span: Span;
}

/** One line a symbol. */
export function CompareLines({ symbols, board, show, span }: Props) {
  return show === 'price' ? <Prices symbols={symbols} span={span} /> : <Ranks symbols={symbols} board={board} show={show} span={span} />;
}

function Prices({ symbols, span }: { symbols: string[]; span: Span }) {
  const asked = useQueries({ queries: symbols.map(pricesQuery) });
  const lines = symbols.map((name, i) => ({
    name,
    points: (asked[i]?.data?.rows ?? []).map((bar) => ({ date: bar.date, value: adjusted(bar) })),
  }));
  return <Drawn asked={asked} lines={rebased(spanned(lines, span))} unit="percent" />;
}

function Ranks({ symbols, board, show, span }: Omit<Props, 'show'> & { show: 'score' | 'rank' }) {
  const asked = useQueries({ queries: symbols.map((symbol) => linesQuery(symbol, board)) });
  const lines = symbols.map((name, i) => ({
    name,
    points: (asked[i]?.data?.rows ?? []).map((row) => ({ date: row.date, value: row[show] })).reverse(),
  }));
  return <Drawn asked={asked} lines={spanned(lines, span)} unit={show} />;
}

interface Asked {
  isPending: boolean;
  error: Error | null;
  refetch: () => unknown;
}

function Drawn({ asked, lines, unit }: { asked: Asked[]; lines: Line[]; unit: 'percent' | 'score' | 'rank' }) {
  const failed = asked.find((one) => one.error);
  if (failed?.error) return <ErrorBox error={failed.error} again={() => void failed.refetch()} />;
  if (asked.some((one) => one.isPending)) return <Waiting rows={1} height={340} />;
  return (
    <Suspense fallback={<Waiting rows={1} height={340} />}>
      <LinesChart lines={lines} unit={unit} label={inWords(lines, unit)} />
    </Suspense>
  );
}

/** What the lines show, for those who do not see them. */
function inWords(lines: Line[], unit: 'percent' | 'score' | 'rank'): string {
  const say = (value: number | null | undefined): string =>
    value == null ? 'nothing' : unit === 'percent' ? `${signed(value, 1)} %` : unit === 'score' ? decimals(value) : `rank ${value}`;
  const ends = lines.map(({ name, points }) => `${name} ${say(points.findLast((point) => point.value != null)?.value)}`);
  return `At the end: ${ends.join(', ')}.`;
}
