import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { anyMetricsQuery, type Metrics, symbolMetricsQuery } from '@/api/daily-metrics';
import { change, decimals, longDate, price, short } from '@/lib/format';
import { ScoreBar } from '@/ui/score-bar';
import { ErrorBox, Waiting } from '@/ui/states';
import '@/styles/symbol-work.css';

/** The day's figures: returns, valuation, and how good the data is. */
export function DaySection({ ticker }: { ticker: string }) {
  const any = useQuery(anyMetricsQuery);
  const asked = useQuery({ ...symbolMetricsQuery(ticker), enabled: (any.data?.count ?? 0) > 0 });
  const error = any.error ?? asked.error;
  return (
    <section className="card" aria-labelledby="day">
      <h2 id="day">The day’s figures {asked.data && <span className="note">{longDate(asked.data.on)}</span>}</h2>
      {error && <ErrorBox error={error} again={() => void (any.error ? any : asked).refetch()} />}
      {any.data?.count === 0 && <p className="note">There are none yet: the nightly batch makes them, or <code>pacesetter batch</code>.</p>}
      {(any.isPending || asked.isLoading) && <Waiting rows={2} height={44} />}
      {asked.data && <Figures row={asked.data} />}
    </section>
  );
}

const RETURNS = [
  ['return_1d', '1 day'],
  ['return_mtd', 'This month'],
  ['return_1m', '1 month'],
  ['return_3m', '3 months'],
  ['return_ytd', 'This year'],
  ['return_1y', '1 year'],
] as const;

function Figures({ row }: { row: Metrics }) {
  return (
    <div className="day-figures">
      <Group title="Returns">
        {RETURNS.map(([name, label]) => <Tile key={name} label={label}><Return share={row[name]} /></Tile>)}
      </Group>
      <Group title="Valuation">
        <Tile label="Price"><b>{price(row.price)}</b> <span className="note">{row.currency}</span></Tile>
        <Tile label="Market cap"><b>{short(row.market_cap)}</b></Tile>
        <Tile label="P/E"><b>{decimals(row.trailing_pe, 1)}</b></Tile>
        <Tile label="P/S"><b>{decimals(row.price_to_sales, 1)}</b></Tile>
        <Tile label="P/B"><b>{decimals(row.price_to_book, 1)}</b></Tile>
      </Group>
      <div>
        <h3>Data quality</h3>
        <div className="quality"><ScoreBar score={row.data_quality} digits={0} /> <span className="soft">of 100</span></div>
        {row.quality_notes.length ? (
          <ul className="notes">{row.quality_notes.map((note) => <li key={note}>{note}</li>)}</ul>
        ) : (
          <p className="note">Nothing to complain of.</p>
        )}
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3>{title}</h3>
      <dl className="tiles">{children}</dl>
    </div>
  );
}

function Tile({ label, children }: { label: string; children: ReactNode }) {
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}

function Return({ share }: { share: number | null }) {
  const said = change(share, 1);
  const kind = share == null || !/[1-9]/.test(said) ? 'same' : share > 0 ? 'up' : 'down';
  return <span className={`change ${kind}`}><span aria-hidden="true">{{ up: '▲', down: '▼', same: '' }[kind]}</span> {said}</span>;
}
