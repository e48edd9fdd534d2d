import { Fragment, type ReactNode } from 'react';
import { betaAndError, byKind, kindInWords, mayBeZero, rangeOf } from '@/lib/exposure-words';
import { decimals } from '@/lib/format';
import { Hidden } from './hidden';
import '@/styles/exposures.css';

export interface Exposure {
  factor: string;
  label: string;
  /** market, rate, ridge or spread. */
  kind: string;
  beta: number | null;
  /** Standard error of the beta. */
  se: number | null;
  /** Why there is no beta, in words. */
  because?: string | null;
}

export interface ExtraColumn<T> {
  head: string;
  /** What the column means. */
  title?: string;
  /** Left away on a phone. */
  deskOnly?: boolean;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  rows: readonly T[];
  caption: string;
  /** Further figures behind the beta, such as n and r². */
  extra?: readonly ExtraColumn<T>[];
}

const NO_EXTRA: readonly never[] = [];

/** Betas as bars around zero, each with its 95 % range as a whisker and its figure; by kind, on one scale. */
export function ExposureBars<T extends Exposure>({ rows, caption, extra = NO_EXTRA }: Props<T>) {
  const full = reach(rows);
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label={caption} tabIndex={0}>
      <table className="exposures">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Factor</th>
            <th scope="col" className="number" title="Beta ± its standard error">Beta</th>
            <td aria-hidden="true" className="picture">
              <span className="scale"><span>{decimals(-full, 1)}</span><span>0</span><span>+{decimals(full, 1)}</span></span>
            </td>
            {extra.map(({ head, title, deskOnly }) => (
              <th key={head} scope="col" className={`number${deskOnly ? ' desk-only' : ''}`} title={title}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {byKind(rows).map(([kind, own]) => (
            <Fragment key={kind}>
              <tr className="kind">
                <th scope="colgroup" colSpan={3 + extra.length}>
                  {kindInWords(kind).title} <span className="note">{kindInWords(kind).about}</span>
                </th>
              </tr>
              {own.map((row) => (
                <tr key={row.factor}>
                  <th scope="row">{row.label}</th>
                  <td className="number"><Beta {...row} /></td>
                  <td aria-hidden="true" className="picture">{row.beta != null && <Whiskered beta={row.beta} se={row.se} full={full} />}</td>
                  {extra.map((column) => (
                    <td key={column.head} className={`number${column.deskOnly ? ' desk-only' : ''}`}>{column.cell(row)}</td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      {rows.some((row) => mayBeZero(row.beta, row.se)) && (
        <p className="note"><span aria-hidden="true">○</span> Not certain: zero lies within the 95 % range (the thin line), so it may be no exposure at all.</p>
      )}
    </div>
  );
}

function Beta({ beta, se, because }: Pick<Exposure, 'beta' | 'se' | 'because'>) {
  if (beta == null) return <span className="soft because">{because ?? '–'}</span>;
  return (
    <span className="nowrap">
      {mayBeZero(beta, se) && <><span className="soft" aria-hidden="true">○ </span><Hidden>not certain: </Hidden></>}
      {betaAndError(beta, se)}
    </span>
  );
}

function Whiskered({ beta, se, full }: { beta: number; se: number | null; full: number }) {
  const x = (value: number): number => 50 + Math.max(-1, Math.min(1, value / full)) * 50;
  const range = rangeOf(beta, se);
  return (
    <svg viewBox="0 0 100 12" preserveAspectRatio="none">
      <rect className="track" y="2" width="100" height="8" />
      <rect
        className={`${beta < 0 ? 'minus' : 'plus'}${mayBeZero(beta, se) ? ' unsure' : ''}`}
        x={Math.min(50, x(beta))}
        width={Math.abs(x(beta) - 50)}
        y="2"
        height="8"
      />
      <line className="axis" x1="50" x2="50" y2="12" />
      {range && (
        <path className="whisker" d={`M${x(range[0])} 3v6M${x(range[0])} 6H${x(range[1])}M${x(range[1])} 3v6`} />
      )}
    </svg>
  );
}

const LEAST = 0.5;

/** What fills half of the picture: the farthest end of all ranges, rounded up to a half. */
export function reach(rows: readonly Pick<Exposure, 'beta' | 'se'>[]): number {
  const ends = rows.flatMap(({ beta, se }) => rangeOf(beta, se) ?? (beta == null ? [] : [beta])).map(Math.abs);
  return Math.max(LEAST, Math.ceil(Math.max(0, ...ends) * 2) / 2);
}
