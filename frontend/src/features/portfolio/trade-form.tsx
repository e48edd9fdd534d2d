import { NativeSelect, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { type Action, addTrade } from '@/api/portfolio-trades';
import { TOUCHED } from '@/api/portfolios';
import { sameKey } from '@/api/same-key';
import { inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';
import { readDecimal } from '@/lib/decimal';
import { ACTIONS, ofShares } from './trade-words';

const EMPTY = { symbol: '', quantity: '', price: '', amount: '', commission: '', currency: '', note: '' };
type Fields = typeof EMPTY;

/** One trade, entered by hand. */
export function TradeForm({ id, currency }: { id: string; currency: string }) {
  const [action, setAction] = useState<Action>('buy');
  const [day, setDay] = useState('');
  const [fields, setFields] = useState(EMPTY);
  const [keys] = useState(sameKey);
  const add = useChange(addTrade, TOUCHED);
  const shares = ofShares(action);
  const money = (name: keyof Fields): string | null => readDecimal(fields[name]) ?? null;
  const wrong = (name: keyof Fields): string | undefined =>
    fields[name].trim() !== '' && money(name) === null ? 'A number with a decimal point, such as 125.50' : undefined;
  const sized = shares ? fields.symbol.trim() !== '' && money('quantity') !== null && money('price') !== null : money('amount') !== null;
  const ready = day !== '' && sized && !wrong('commission');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!ready) return;
    const trade = {
      id, action,
      symbol: fields.symbol.trim().toUpperCase() || null,
      quantity: shares ? money('quantity') : null,
      price: shares ? money('price') : null,
      amount: shares ? null : money('amount'),
      commission: money('commission') ?? '0',
      currency: fields.currency.trim() || null,
      traded_on: day,
      note: fields.note.trim() || null,
    };
    add.mutate(
      { ...trade, key: keys.of(trade) },
      {
        onSuccess: () => {
          keys.settle();
          setFields(EMPTY);
        },
        onError: (error) => keys.settle(error),
      },
    );
  };
  const field = (name: keyof Fields, label: string, more: object = {}): React.ReactNode => (
    <TextInput
      label={label}
      value={fields[name]}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setFields((now) => ({ ...now, [name]: text }));
      }}
      {...more}
    />
  );
  const figure = (name: keyof Fields, label: string, required: boolean): React.ReactNode =>
    field(name, label, { inputMode: 'decimal', autoComplete: 'off', required, error: wrong(name) });
  return (
    <form onSubmit={submit} className="card form" aria-labelledby="new-trade">
      <h2 id="new-trade">Enter a trade</h2>
      <div className="in-row">
        <NativeSelect label="What" value={action} data={ACTIONS} onChange={(e) => setAction(e.currentTarget.value as Action)} />
        <TextInput type="date" label="On" required value={day} onChange={(e) => setDay(e.currentTarget.value)} />
        {(shares || action === 'dividend') && field('symbol', shares ? 'Symbol' : 'Symbol (may stay empty)', { required: shares, maxLength: 32, placeholder: 'NVDA, VOD.L', autoComplete: 'off', spellCheck: false })}
        {shares && figure('quantity', 'How many', true)}
        {shares && figure('price', 'Price of one', true)}
        {!shares && figure('amount', 'Amount', true)}
        {shares && figure('commission', 'Commission', false)}
        {field('currency', 'Currency', { maxLength: 3, placeholder: shares ? 'the symbol’s' : currency, autoComplete: 'off' })}
      </div>
      {field('note', 'Note (may stay empty)', { maxLength: 500 })}
      {add.error && <p role="alert" className="form-error"><Said text={inFull(add.error)} /></p>}
      {add.data && !ready && (
        <div role="status" className="done">
          <p>It is entered.{add.data.pending.length > 0 && ` ${add.data.pending.join(', ')} ${add.data.pending.length === 1 ? 'is' : 'are'} being fetched.`}</p>
          {add.data.said.map((one) => <p key={one} className="note">{one}</p>)}
        </div>
      )}
      <RightButton right="write" type="submit" loading={add.isPending} disabled={!ready}>Enter</RightButton>
    </form>
  );
}
