import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '@/api/change';
import { fetchTrades, removeTrade, type Trade, tradesQuery } from '@/api/portfolio-trades';
import { type Snapshot, TOUCHED } from '@/api/portfolios';
import { download, toCsv } from '@/lib/csv';
import { counted, shortDate } from '@/lib/format';
import { exact, exactPrice } from '@/lib/money';
import { Confirm } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { ErrorBox, Waiting } from '@/ui/states';
import { TradeForm } from './trade-form';
import { actionInWords, ofShares, tradeInWords } from './trade-words';

const HEAD = ['traded_on', 'action', 'symbol', 'quantity', 'price', 'amount', 'commission', 'currency', 'note'] as const;

/** Every trade, newest first; one can be entered, and taken away. */
export function TradesTab({ id, of }: { id: string; of: Snapshot }) {
  const asked = useInfiniteQuery(tradesQuery(id));
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const count = asked.data?.pages[0]?.count ?? 0;
  const [gone, setGone] = useState<Trade>();
  const file = useChange(fetchTrades, []);
  const save = (): void =>
    file.mutate(id, { onSuccess: (all) => download(`${of.name}-trades.csv`, toCsv([...HEAD], all.map((row) => HEAD.map((name) => row[name])))) });
  return (
    <>
      <TradeForm id={id} currency={of.base_currency} />
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {file.error && <ErrorBox error={file.error} />}
      {asked.isPending && <Waiting rows={8} height={36} />}
      {asked.data && rows.length === 0 && <p className="note">No trade yet.</p>}
      {rows.length > 0 && (
        <section className="card" aria-labelledby="trades">
          <div className="card-head">
            <h2 id="trades">Trades <span className="note">{counted(count, 'trade')}, newest first</span></h2>
            <Button variant="default" size="xs" loading={file.isPending} onClick={save}>CSV</Button>
          </div>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
          <div className="wide" role="region" aria-label="Trades" tabIndex={0}>
            <table className="plain-table trades">
              <thead>
                <tr>
                  <th scope="col">On</th>
                  <th scope="col">What</th>
                  <th scope="col" className="number phone-gone">How many</th>
                  <th scope="col" className="number phone-gone">Price</th>
                  <th scope="col" className="number phone-gone">Commission</th>
                  <th scope="col" className="desk-only">Note</th>
                  <th scope="col"><span className="hidden">Take away</span></th>
                </tr>
              </thead>
              <tbody>{rows.map((row) => <TradeRow key={row.id} row={row} onRemove={() => setGone(row)} />)}</tbody>
            </table>
          </div>
          {asked.hasNextPage && <button type="button" className="plain" onClick={() => void asked.fetchNextPage()}>Show more of {count}</button>}
        </section>
      )}
      {gone && <RemoveTrade id={id} trade={gone} onClose={() => setGone(undefined)} />}
    </>
  );
}

function TradeRow({ row, onRemove }: { row: Trade; onRemove: () => void }) {
  const shares = ofShares(row.action);
  return (
    <tr>
      <th scope="row" className="nowrap">{shortDate(row.traded_on)}</th>
      <td>
        {actionInWords(row.action)}{' '}
        {row.symbol && <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.id}>{row.symbol}</Link>}
        <span className="phone-only"><span className="note block">{tradeInWords(row)}</span></span>
        {row.why_not && <span className="block"><span className="state warn"><span aria-hidden="true">!</span> does not count</span> <span className="note">{row.why_not}</span></span>}
      </td>
      <td className="number phone-gone">{shares ? exact(row.quantity) : ''}</td>
      <td className="number phone-gone">{exactPrice(shares ? row.price : row.amount)} <span className="note">{row.currency}</span></td>
      <td className="number phone-gone">{Number(row.commission) ? exactPrice(row.commission) : ''}</td>
      <td className="desk-only note">{row.note}{row.import_id && <span className="block">from a file</span>}</td>
      <td className="number">
        <RightButton right="write" variant="subtle" size="compact-xs" onClick={onRemove} label={`Take away: ${actionInWords(row.action)} ${row.symbol ?? ''} of ${shortDate(row.traded_on)}`}>Take away…</RightButton>
      </td>
    </tr>
  );
}

function RemoveTrade({ id, trade, onClose }: { id: string; trade: Trade; onClose: () => void }) {
  const remove = useChange(removeTrade, TOUCHED);
  return (
    <Confirm
      title="Take this trade away?"
      act="Take it away"
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onYes={() => remove.mutate({ id, trade: trade.id }, { onSuccess: onClose })}
    >
      <p><b>{actionInWords(trade.action)} {trade.symbol}</b>, {tradeInWords(trade)}, {shortDate(trade.traded_on)}.</p>
      <p>Positions and all figures are computed anew without it. It can be entered again{trade.import_id ? ', or imported again with its file' : ''}.</p>
    </Confirm>
  );
}
