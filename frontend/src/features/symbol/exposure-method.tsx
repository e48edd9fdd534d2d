import type { Exposure } from '@/api/exposures';
import { byKind } from '@/lib/exposure-words';
import { instantInFull } from '@/lib/format';
import { methodInWords, proxyInWords } from './exposure-words';

/** How exposures are computed: which fund stands for each factor, over which window, by which method. */
export function ExposureMethod({ rows }: { rows: Exposure[] }) {
  const stored = rows.find((row) => row.origin === 'stored');
  const caption = 'How each exposure is computed';
  return (
    <details>
      <summary>How it is computed</summary>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
      <div className="wide" role="region" aria-label={caption} tabIndex={0}>
        <table className="plain-table">
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">Factor</th>
              <th scope="col">Stands for it</th>
              <th scope="col" className="number">Window</th>
              <th scope="col" className="number">At least</th>
              <th scope="col">Method</th>
            </tr>
          </thead>
          <tbody>
            {byKind(rows).flatMap(([, own]) => own).map((row) => (
              <tr key={row.factor}>
                <th scope="row">{row.label}</th>
                <td className="nowrap">{proxyInWords(row)}</td>
                <td className="number nowrap">{row.window} sessions</td>
                <td className="number">{row.min_observations}</td>
                <td>{methodInWords(row.method)}{row.regularisation != null && `, λ = ${row.regularisation}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="note">
        Every regression has an intercept and is made on daily returns, dividends included; that of the styles on standardised columns, which
        the penalty λ holds together. A session counts where the symbol and its funds have prices on it and on the one before; nothing is filled in.
        The standard error of a style holds for the λ given. The 95 % range is beta ± 1.96 standard errors.{' '}
        {stored?.computed_at ? `Stored by the nightly batch ${instantInFull(stored.computed_at)}.` : 'Computed for this page: the nightly batch has not stored them.'}
      </p>
    </details>
  );
}
