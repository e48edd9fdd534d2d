import type { ReactNode } from 'react';
import type { Snapshot } from '@/api/portfolios';
import { change, decimals, percent } from '@/lib/format';
import { money } from '@/lib/money';
import { Gain } from '@/ui/gain';

interface Figure {
  name: string;
  value: ReactNode;
  /** What it means, in plain words. */
  said: ReactNode;
}

/** The figures of the newest session in three groups, each with what it means. */
export function KeyFigures({ of }: { of: Snapshot }) {
  const { figures: f, base_currency: currency, benchmark } = of;
  const why = (name: string, said: ReactNode): ReactNode => of.reasons[name] ?? said;
  const worth: Figure[] = [
    { name: 'Net value', value: money(f.nav, currency), said: 'all holdings and cash, less what is owed' },
    { name: 'Cash', value: money(f.cash, currency), said: f.cash != null && f.cash < 0 ? 'below zero: bought with borrowed money' : 'not invested' },
    { name: 'Long and short', value: <>{money(f.long_value, currency)}{f.short_value ? <span className="second">{money(f.short_value, currency)} short</span> : null}</>, said: 'bought, and sold without owning' },
    { name: 'Gross / net', value: <>{percent(f.gross && f.nav ? f.gross / f.nav : null)} / {percent(f.net && f.nav ? f.net / f.nav : null)}</>, said: 'of net value: longs plus shorts, and longs less shorts; over 100 % is leverage' },
    { name: 'Effective holdings', value: decimals(f.effective_n, 1), said: `spread as over so many equal ones; there are ${of.n_holdings}` },
  ];
  const earned: Figure[] = [
    { name: 'Day', value: <Gain amount={f.daily_pnl} currency={currency} />, said: <>profit of the newest session{f.daily_return != null && `, ${change(f.daily_return)}`}</> },
    { name: 'Since the first trade', value: <Gain amount={f.cumulative_pnl} currency={currency} />, said: 'profit in all, open and closed' },
    { name: 'Return, time-weighted', value: <Gain share={f.twr} />, said: why('twr', <>what the choice of holdings earned, whenever money came; {benchmark} {change(f.benchmark_return)}</>) },
    { name: 'Return a year, money-weighted', value: <Gain share={f.irr} />, said: why('irr', 'what your money earned a year, with when it came and went (IRR)') },
  ];
  const risk: Figure[] = [
    { name: 'Volatility', value: <>{percent(f.volatility_21d, 1)} <span className="second">63 sessions {percent(f.volatility_63d, 1)}</span></>, said: why('volatility_21d', 'how far a year typically swings, from the last 21 sessions') },
    { name: 'Drawdown', value: <>{percent(f.drawdown, 1)} {f.max_drawdown != null && <span className="second">deepest {percent(f.max_drawdown, 1)}</span>}</>, said: why('drawdown', 'below the highest return so far') },
    { name: 'Sharpe ratio', value: decimals(f.sharpe, 2), said: why('sharpe', 'return for each unit of swing; above 1 is a lot, below 0 a loss') },
    { name: `Beta to ${benchmark}`, value: decimals(f.beta, 2), said: f.beta == null ? why('beta', 'too few common sessions to say') : `when ${benchmark} moves 1 %, it tends to move ${decimals(f.beta, 2)} %` },
  ];
  return (
    <section className="key-figures" aria-label="Key figures">
      <Group title="Worth" figures={worth} />
      <Group title="Earned" figures={earned} />
      <Group title="Risk" figures={risk} />
    </section>
  );
}

function Group({ title, figures }: { title: string; figures: Figure[] }) {
  return (
    <div className="card">
      <h2>{title}</h2>
      <dl>
        {figures.map(({ name, value, said }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd><b>{value}</b><span className="note">{said}</span></dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
