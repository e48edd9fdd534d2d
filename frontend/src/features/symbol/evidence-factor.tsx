import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { adjusted, type Bar, windowQuery } from '@/api/prices';
import { factorsQuery, type Standing } from '@/api/symbols';
import { counted, decimals, instantInFull, percent, price, raw, short, shortDate, signed, words } from '@/lib/format';
import { ErrorBox, Waiting } from '@/ui/states';

/** From the prices to what a factor adds, step by step, with the figures of each. */
export function EvidenceOfFactor({ standing, name }: { standing: Standing; name: string }) {
  const factor = standing.row.factors[name];
  const declared = standing.factors[name];
  const about = useQuery(factorsQuery).data?.rows.find((one) => one.name === declared?.uses);
  if (!factor || !declared) return null;
  return (
    <>
      {about?.about && <p>{about.about}</p>}
      <h3>Formula</h3>
      <p className="formula"><code>{declared.formula}</code></p>
      {about?.source && <p className="note">After {about.source}</p>}
      <h3>Inputs</h3>
      <Inputs symbol={standing.row.symbol} on={standing.as_of} formula={declared.formula} bars={about?.window ?? 30} needs={about?.needs ?? []} />
      <h3>Raw value</h3>
      <p>
        {factor.missing_reason ? (
          <>Missing: {factor.missing_because}.</>
        ) : (
          <><b>{decimals(factor.raw, 6)}</b> <span className="soft">{declared.unit}; {declared.higher_is_better ? 'higher' : 'lower'} is better</span></>
        )}
      </p>
      {!factor.missing_reason && (
        <>
          <h3>z</h3>
          <Normalised standing={standing} name={name} />
          <h3>What it adds</h3>
          <p className="formula">
            <code>weight × z = {decimals(factor.weight, 2)} × {signed(factor.normalized, 4)} = {signed(factor.contribution, 4)}</code>
          </p>
          <p className="note">Its weight is {percent(factor.weight)} of the method’s.</p>
        </>
      )}
    </>
  );
}

const RULES: Record<string, string> = {
  median_mad: 'centre: the median; spread: 1.4826 × the median distance from it',
  mean_std: 'centre: the mean; spread: the standard deviation',
  mean_std_clipped: 'centre: the mean; spread: the standard deviation; over this board alone',
  too_few: 'too few values to compare with: z is 0',
  all_equal: 'all values are alike: z is 0',
};

function Normalised({ standing, name }: { standing: Standing; name: string }) {
  const factor = standing.row.factors[name];
  const statistics = standing.factors[name]?.statistics;
  const better = standing.factors[name]?.higher_is_better ?? true;
  if (!factor || factor.raw == null) return null;
  if (!statistics || statistics.centre == null || !statistics.scale) {
    return <p>{signed(factor.normalized, 4)} {statistics && <span className="note">{RULES[statistics.rule] ?? statistics.rule}</span>}</p>;
  }
  const plain = ((factor.raw - statistics.centre) / statistics.scale) * (better ? 1 : -1);
  const limited = factor.normalized != null && Math.abs(plain) - Math.abs(factor.normalized) > 1e-6;
  return (
    <>
      <p className="formula">
        <code>
          {better ? '' : '−'}(raw − centre) / spread = {better ? '' : '−'}({raw(factor.raw)} − {raw(statistics.centre)}) / {raw(statistics.scale)} = {signed(plain, 4)}
        </code>
        {limited && <code>limited to {signed(factor.normalized, 2)}</code>}
      </p>
      <p className="note">
        Over {statistics.n} symbols ({standing.scope_words}); {RULES[statistics.rule] ?? statistics.rule}.
        {!better && ' The sign is turned, because lower is better.'}
      </p>
    </>
  );
}

const NEEDS: Record<string, string> = {
  growth: 'returns, dividends included',
  'fact:eps': 'earnings per share, as known on the date',
  'fact:price_to_book': 'price to book, as known on the date',
  'fact:trailing_pe': 'price to earnings, as known on the date',
};

interface Asked {
  symbol: string;
  on: string;
  formula: string;
  bars: number;
  needs: string[];
}

/** The bars of the factor's window: those that the formula names, and all of them on demand. */
function Inputs({ symbol, on, formula, bars, needs }: Asked) {
  const asked = useQuery(windowQuery(symbol, on, Math.max(bars, 2)));
  const [open, setOpen] = useState(false);
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={2} height={24} />;
  const newestFirst = [...asked.data.rows].reverse();
  const newest = newestFirst[0];
  if (!newest) return <p>No prices are stored up to {shortDate(on)}.</p>;
  const sources = [...new Set(newestFirst.map((bar) => bar.source))];
  const fetched = newestFirst.reduce((last, bar) => (bar.fetched_at > last ? bar.fetched_at : last), '');
  return (
    <>
      <dl className="inputs">
        {named(formula, newestFirst).map(({ name, bar }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{price(adjusted(bar))} <span className="note">{shortDate(bar.date)}</span></dd>
          </div>
        ))}
        <div>
          <dt>prices</dt>
          <dd>
            {counted(newestFirst.length, 'session')}{' '}
            <span className="note">{shortDate(newestFirst.at(-1)?.date ?? on)} to {shortDate(newest.date)}</span>
          </dd>
        </div>
        {needs.length > 0 && <div><dt>uses</dt><dd>{needs.map((one) => NEEDS[one] ?? words(one)).join(', ')}</dd></div>}
        <div><dt>source</dt><dd>{sources.join(', ')}</dd></div>
        <div><dt>fetched</dt><dd>{instantInFull(fetched)}{sources.length > 1 || newestFirst.some((bar) => bar.fetched_at !== fetched) ? ' at the latest' : ''}</dd></div>
      </dl>
      {needs.includes('growth') && asked.data.basis !== 'split_dividend' && newest.adj_close == null && (
        <p className="note">
          These closes are as they are stored. The formula’s prices carry dividends{asked.data.basis === 'raw' && ' and splits'} on top, so their plain
          quotient differs where there were any.
        </p>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>All of them</summary>
        {open && <Bars rows={newestFirst} />}
      </details>
    </>
  );
}

/** `P_21 / P_252 - 1` names the 21st and the 252nd price before the newest. */
export function named(formula: string, newestFirst: Bar[]): { name: string; bar: Bar }[] {
  const counts = [...new Set([...formula.matchAll(/\bP_(\d+)/g)].map(([, count]) => Number(count)))];
  return counts.flatMap((count) => {
    const bar = newestFirst[count];
    return bar ? [{ name: `P_${count}`, bar }] : [];
  });
}

function Bars({ rows }: { rows: Bar[] }) {
  return (
    <table className="history">
      <caption className="hidden">Prices used, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col" className="number">Close</th>
          <th scope="col" className="number">Volume</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((bar) => (
          <tr key={bar.date}>
            <th scope="row">{shortDate(bar.date)}</th>
            <td className="number">{price(adjusted(bar))}</td>
            <td className="number">{short(bar.volume)}{bar.final ? '' : ' (not final)'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
