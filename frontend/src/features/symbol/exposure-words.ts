import type { Exposure } from '@/api/exposures';
import { mayBeZero, rangeOf } from '@/lib/exposure-words';
import { counted, decimals, shortDate, signed } from '@/lib/format';

const RAISED = 5; // of a variance inflation factor, as is usual
const HIGH = 10;

/** Whether what a factor adds by itself is hard to tell from what the others add. */
export const isHigh = (vif: number | null): boolean => vif != null && vif >= HIGH;

/** `12.3 high`: how much collinearity swells the variance. */
export function vifInWords(vif: number | null): string {
  if (vif == null) return '–';
  const said = decimals(vif, 1);
  const word = Number(said) >= HIGH ? ' high' : Number(said) >= RAISED ? ' raised' : '';
  return said + word;
}

/** `63 of 63`; what is less than all is `limited`. */
export function sessionsInWords({ n, window, quality }: Pick<Exposure, 'n' | 'window' | 'quality'>): string {
  if (n == null) return '–';
  return `${n} of ${window}${quality === 'limited' ? ', limited' : ''}`;
}

const METHODS: Record<string, string> = {
  ols_regression: 'least squares',
  ridge_regression: 'ridge, all six together',
  spread_regression: 'least squares on the difference',
};

export const methodInWords = (method: string): string => METHODS[method] ?? method;

/** `MTUM`, `MTUM − SPY`. */
export const proxyInWords = ({ proxy, minus }: Pick<Exposure, 'proxy' | 'minus'>): string => (minus ? `${proxy} − ${minus}` : proxy);

/** The funds without which nothing can be measured, each once. */
export function missingFunds(rows: Pick<Exposure, 'reason' | 'proxy' | 'minus'>[]): string[] {
  const funds = rows.filter((row) => row.reason === 'no_proxy').flatMap(({ proxy, minus }) => (minus ? [proxy, minus] : [proxy]));
  return [...new Set(funds)];
}

type Point = Pick<Exposure, 'on' | 'beta' | 'se'>;

/** Rows from the first that has a value. */
export function sinceFirst<T extends Pick<Exposure, 'beta'>>(rows: T[]): T[] {
  const first = rows.findIndex((row) => row.beta != null);
  return first < 0 ? [] : rows.slice(first);
}

/** What the chart of a rolling history shows, for those who do not see it. */
export function rollingInWords(label: string, rows: Point[]): string {
  const known = rows.filter((row) => row.beta != null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return `No exposure to ${label} could be measured in this span.`;
  const betas = known.map((row) => row.beta ?? 0);
  const range = rangeOf(last.beta, last.se);
  const unsure = known.filter((row) => mayBeZero(row.beta, row.se)).length;
  return (
    `Exposure to ${label} on ${counted(known.length, 'session')}: from ${signed(first.beta)} on ${shortDate(first.on)} to ${signed(last.beta)} on ${shortDate(last.on)}` +
    `${range ? `, which lies between ${signed(range[0])} and ${signed(range[1])}` : ''}; lowest ${signed(Math.min(...betas))}, highest ${signed(Math.max(...betas))}` +
    `; zero lies within the range on ${unsure}. The table below has every session.`
  );
}
