import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { adjusted, pricesQuery } from '@/api/prices';
import { change, counted, price, short, shortDate } from '@/lib/format';
import { SPAN_NAMES, within } from '@/lib/spans';
import { ErrorBox, Waiting } from '@/ui/states';
import { type Drawn, drawnBars } from './price-bars';
import type { PriceKind } from './search';

const PriceChart = lazy(async () => ({ default: (await import('@/charts/price-chart')).PriceChart }));
const route = getRouteApi('/symbols/$ticker');
const CANDLES_MOST = 70; // more of them are too thin to read

/** Prices and volume of a symbol. */
export function PriceSection({ ticker }: { ticker: string }) {
  const { span = '1y', prices: kind = 'adjusted' } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(pricesQuery(ticker));
  const both = asked.data?.rows.some((bar) => bar.adj_close != null && adjusted(bar) !== bar.close) ?? false;
  const all = useMemo(() => drawnBars(asked.data?.rows ?? [], kind), [asked.data, kind]);
  const bars = useMemo(() => within(all, span), [all, span]);
  const [point, setPoint] = useState<number>();
  const shown = bars[point ?? bars.length - 1] ?? bars.at(-1);

  return (
    <section className="card" aria-labelledby="prices">
      <div className="card-head">
        <h2 id="prices">Price</h2>
        <div className="switches">
          {both && (
            <SegmentedControl
              size="xs"
              aria-label="Which prices"
              value={kind}
              data={[{ value: 'adjusted', label: 'Adjusted' }, { value: 'unadjusted', label: 'As traded' }]}
              onChange={(value) => void navigate({ search: (now) => ({ ...now, prices: value }), replace: true })}
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label="How far back"
            value={span}
            data={SPAN_NAMES}
            onChange={(value) => void navigate({ search: (now) => ({ ...now, span: value }), replace: true })}
          />
        </div>
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={1} height={340} />}
      {asked.data && !bars.length && !asked.error && <p className="note">No accepted price is stored.</p>}
      {asked.data && shown && (
        <>
          <Reading bar={shown} before={all[all.indexOf(shown) - 1]} currency={asked.data.currency} />
          <Suspense fallback={<Waiting rows={1} height={300} />}>
            <PriceChart bars={bars} candles={bars.length <= CANDLES_MOST} label={inWords(bars)} onPoint={setPoint} />
          </Suspense>
          <Figures all={all} bars={bars} basis={asked.data.basis} both={both} kind={kind} />
        </>
      )}
    </section>
  );
}

/** The bar under the pointer, or the newest. */
function Reading({ bar, before, currency }: { bar: Drawn; before: Drawn | undefined; currency: string | null }) {
  return (
    <p className="price-now">
      <span className="big">{price(bar.close)}</span> <span className="soft">{currency}</span>{' '}
      {before && <Move share={bar.close / before.close - 1} />}
      <span className="note">
        {shortDate(bar.date)}
        {bar.open != null && ` · open ${price(bar.open)}`}
        {bar.high != null && bar.low != null && ` · ${price(bar.low)}–${price(bar.high)}`}
        {bar.volume != null && ` · volume ${short(bar.volume)}`}
      </span>
    </p>
  );
}

function Move({ share }: { share: number }) {
  const kind = share > 0 ? 'up' : share < 0 ? 'down' : 'same';
  return (
    <span className={`change ${kind}`}>
      <span aria-hidden="true">{{ up: '▲', down: '▼', same: '=' }[kind]}</span> {change(share)}
    </span>
  );
}

function Figures({ all, bars, basis, both, kind }: { all: Drawn[]; bars: Drawn[]; basis: string | null; both: boolean; kind: PriceKind }) {
  const year = within(all, '1y');
  const [low, high] = [Math.min(...year.map((bar) => bar.low ?? bar.close)), Math.max(...year.map((bar) => bar.high ?? bar.close))];
  const volumes = all.slice(-21).flatMap((bar) => bar.volume ?? []);
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <p className="facts">
      {first && last && first !== last && <span>{change(last.close / first.close - 1)} since {shortDate(first.date)}</span>}
      <span>52 weeks {price(low)}–{price(high)}</span>
      {volumes.length > 0 && <span>volume, mean of {volumes.length} sessions: {short(volumes.reduce((a, b) => a + b, 0) / volumes.length)}</span>}
      <span>{adjustment(basis, both, kind)}</span>
    </p>
  );
}

function adjustment(basis: string | null, both: boolean, kind: PriceKind): string {
  if (both) return kind === 'adjusted' ? 'adjusted for splits and dividends' : 'as traded, not adjusted';
  if (basis === 'split_dividend') return 'the source adjusts for splits and dividends';
  return basis === 'split' ? 'the source adjusts for splits' : 'as traded';
}

function inWords(bars: Drawn[]): string {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return 'No prices.';
  const closes = bars.map((bar) => bar.close);
  return `Closes of ${counted(bars.length, 'session')}, ${shortDate(first.date)} to ${shortDate(last.date)}: from ${price(first.close)} to ${price(last.close)}, lowest ${price(Math.min(...closes))}, highest ${price(Math.max(...closes))}; volume below.`;
}
