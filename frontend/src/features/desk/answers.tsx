import { Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { approveDecision, type Decision, logDecisionTrade, modifyDecision, rejectDecision, TOUCHED } from '@/api/decisions';
import { deskQuery } from '@/api/desk';
import { portfoliosQuery } from '@/api/portfolios';
import { instantInFull, shortDate } from '@/lib/format';
import { exact, roundedPrice } from '@/lib/money';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { changedTerms, checkTerms, checkTrade, readAmount, type Terms, type TradeFields } from './terms';

type Doing = 'approve' | 'reject' | 'change' | 'trade';
interface Props {
  row: Decision;
  mode: string;
}

/** What can be done with a decision now; why nothing, where nothing can. */
export function Answers({ row, mode }: Props) {
  const [doing, setDoing] = useState<Doing>();
  const [said, setSaid] = useState('');
  const close = (): void => setDoing(undefined);
  const done = (event: string): void => {
    setSaid(event);
    close();
  };
  const waits = row.waiting;
  const toLog = row.status === 'approved' && mode !== 'paper' && row.mode !== 'paper';
  const dialog = { row, mode, onClose: close, onDone: done };
  return (
    <div className="answers">
      <Answered row={row} />
      {said && <p role="status" className="done">{said}</p>}
      {(waits || toLog) && mode === 'read_only' && <p className="right-note">The desk is in read-only mode: nothing can be answered.</p>}
      {(waits || toLog) && mode !== 'read_only' && (
        <div className="buttons">
          {waits && (
            <>
              <RightButton right="write" size="sm" onClick={() => setDoing('approve')} label={`Approve ${row.symbol}`}>{mode === 'dry_run' ? 'Try approving' : 'Approve'}</RightButton>
              <RightButton right="write" size="sm" variant="default" onClick={() => setDoing('reject')} label={`Reject ${row.symbol}`}>Reject…</RightButton>
              <RightButton right="write" size="sm" variant="default" onClick={() => setDoing('change')} label={`Change the terms of ${row.symbol}`}>Change…</RightButton>
            </>
          )}
          {toLog && <RightButton right="write" size="sm" onClick={() => setDoing('trade')} label={`Log the trade of ${row.symbol}`}>Log the trade…</RightButton>}
        </div>
      )}
      {row.status === 'approved' && row.mode === 'paper' && <p className="note">On paper: it is traded at the next session’s opening price, by the next night.</p>}
      {doing === 'approve' && <Approve {...dialog} />}
      {doing === 'reject' && <Reject {...dialog} />}
      {doing === 'change' && <ChangeTerms {...dialog} />}
      {doing === 'trade' && <LogTrade {...dialog} />}
    </div>
  );
}

/** What was answered, by whom and why. */
function Answered({ row }: { row: Decision }) {
  if (!row.answered_at && !row.answer) return null;
  return (
    <p className="note">
      {row.answered_at && `${row.answered_by ?? 'Somebody at the command line'}, ${instantInFull(row.answered_at)}`}
      {row.answer && `${row.answered_at ? ': ' : ''}“${row.answer}”`}
    </p>
  );
}

interface DialogProps extends Props {
  onClose: () => void;
  onDone: (event: string) => void;
}

const KEPT = (kept: boolean, event: string): string => (kept ? `Done: ${event}.` : `Dry run, nothing is kept: ${event}.`);

function Approve({ row, mode, onClose, onDone }: DialogProps) {
  const approve = useChange(approveDecision, TOUCHED);
  const many = row.quantity == null ? '' : `${exact(row.quantity)} × `;
  return (
    <Confirm
      title={`${row.action === 'BUY' ? 'Buy' : 'Sell'} ${row.symbol}?`}
      act={mode === 'dry_run' ? 'Try it' : 'Approve'}
      busy={approve.isPending}
      error={approve.error}
      onClose={onClose}
      onYes={() => approve.mutate(row.id, { onSuccess: (answer) => onDone(KEPT(answer.kept, answer.event)) })}
    >
      <p><b>{many}{row.symbol}</b> at about {roundedPrice(row.entry_price)} {row.currency}{row.stop_loss != null && `, stop ${roundedPrice(row.stop_loss)}`}{row.target != null && `, target ${roundedPrice(row.target)}`}.</p>
      <p className="note">
        {mode === 'paper' && 'On paper: the next night trades it at the next session’s opening price. No money moves.'}
        {mode === 'manual' && 'No order is sent anywhere: you trade it with your broker, and log here what you traded.'}
        {mode === 'dry_run' && 'Dry run: what would happen is shown, and nothing is kept.'}
      </p>
      {row.quantity == null && <p className="note">It says no quantity: change the terms to give one, or log how many you traded.</p>}
    </Confirm>
  );
}

function Reject({ row, onClose, onDone }: DialogProps) {
  const [reason, setReason] = useState('');
  const reject = useChange(rejectDecision, TOUCHED);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (reason.trim()) reject.mutate({ id: row.id, reason: reason.trim() }, { onSuccess: (answer) => onDone(KEPT(answer.kept, answer.event)) });
  };
  return (
    <Modal opened onClose={onClose} title={`Reject ${row.symbol}`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="form" onSubmit={submit}>
        <Textarea label="Why" description="Kept with the decision, and in the log." required data-autofocus maxLength={500} autosize minRows={2} maxRows={6} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        <Foot error={reject.error} />
        <RightButton right="write" type="submit" loading={reject.isPending} disabled={!reason.trim()}>Reject</RightButton>
      </form>
    </Modal>
  );
}

function ChangeTerms({ row, onClose, onDone }: DialogProps) {
  const before: Terms = { quantity: row.quantity ?? '', price: row.entry_price ?? '', stop: row.stop_loss ?? '', target: row.target ?? '' };
  const [terms, setTerms] = useState(before);
  const modify = useChange(modifyDecision, TOUCHED);
  const wrong = checkTerms(terms, row.action);
  const changed = changedTerms(terms, before);
  const ready = changed && !Object.keys(wrong).length;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (ready) modify.mutate({ id: row.id, ...changed }, { onSuccess: (answer) => onDone(KEPT(answer.kept, answer.event)) });
  };
  const field = (name: keyof Terms, label: string): React.ReactNode => (
    <TextInput
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={terms[name]}
      error={wrong[name]}
      onChange={({ currentTarget: { value } }) => setTerms((now) => ({ ...now, [name]: value }))}
    />
  );
  return (
    <Modal opened onClose={onClose} title={`Change the terms of ${row.symbol}`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="form" onSubmit={submit}>
        <p className="note">Prices in {row.currency ?? 'its currency'}. What was proposed stays noted beside it. Then it still waits for approval.</p>
        {field('quantity', 'How many')}
        {field('price', 'Price')}
        {row.action === 'BUY' && field('stop', 'Stop')}
        {row.action === 'BUY' && field('target', 'Target')}
        <Foot error={modify.error} />
        <RightButton right="write" type="submit" loading={modify.isPending} disabled={!ready}>Change</RightButton>
      </form>
    </Modal>
  );
}

function LogTrade({ row, onClose, onDone }: DialogProps) {
  const today = new Date().toISOString().slice(0, 10);
  const [fields, setFields] = useState<TradeFields>({ price: row.entry_price ?? '', quantity: row.quantity ?? '', traded_on: today, commission: '0' });
  const [pressed, setPressed] = useState(false);
  const [portfolio, setPortfolio] = useState('');
  const own = useQuery({ ...deskQuery, enabled: row.portfolio_id === null }).data?.portfolio;
  const unnamed = row.portfolio_id === null && !own && !portfolio;
  const log = useChange(logDecisionTrade, [...TOUCHED, 'portfolio', 'portfolios']);
  const wrong = checkTrade(fields, row.decided_on, today);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setPressed(true);
    if (Object.keys(wrong).length || unnamed) return;
    log.mutate(
      { id: row.id, price: readAmount(fields.price) ?? '', quantity: readAmount(fields.quantity) ?? '', traded_on: fields.traded_on, commission: readAmount(fields.commission) ?? '0', portfolio: portfolio || null },
      { onSuccess: (answer) => onDone(KEPT(answer.kept, answer.event)) },
    );
  };
  const field = (name: keyof TradeFields, label: string, more: object = {}): React.ReactNode => (
    <TextInput
      label={label}
      required={name !== 'commission'}
      autoComplete="off"
      value={fields[name]}
      error={pressed || fields[name] ? wrong[name] : undefined}
      onChange={({ currentTarget: { value } }) => setFields((now) => ({ ...now, [name]: value }))}
      {...more}
    />
  );
  return (
    <Modal opened onClose={onClose} title={`${row.action === 'BUY' ? 'Bought' : 'Sold'} ${row.symbol}`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="form" onSubmit={submit}>
        <p className="note">What you traded goes into the portfolio. Prices in {row.currency ?? 'its currency'}; decided after {shortDate(row.decided_on)}.</p>
        {field('quantity', 'How many', { inputMode: 'decimal' })}
        {field('price', 'Price of one', { inputMode: 'decimal' })}
        {field('traded_on', 'On', { type: 'date', max: today })}
        {field('commission', 'Commission', { inputMode: 'decimal' })}
        {row.portfolio_id === null && <PortfolioField own={own} value={portfolio} error={pressed && unnamed} onChange={setPortfolio} />}
        <Foot error={log.error} />
        <RightButton right="write" type="submit" loading={log.isPending}>Log it</RightButton>
      </form>
    </Modal>
  );
}

interface PortfolioProps {
  /** The desk's, where it has one. */
  own: string | null | undefined;
  value: string;
  error: boolean;
  onChange: (name: string) => void;
}

/** Into which portfolio, for a decision that was made without one. */
function PortfolioField({ own, value, error, onChange }: PortfolioProps) {
  const rows = useQuery(portfoliosQuery).data?.rows;
  if (rows?.length === 0) return <p className="right-note">There is no portfolio to log it in. <Link to="/portfolios">Make one first</Link></p>;
  return (
    <NativeSelect
      label="Portfolio"
      required
      value={value}
      error={error && 'Which one it goes into'}
      data={[{ value: '', label: own ? `${own}, the desk’s own` : 'Choose one' }, ...(rows ?? []).map((one) => one.name).filter((name) => name !== own)]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Foot({ error }: { error: Error | null }) {
  return (
    <>
      <RightNote right="write" what="You can look here, not change." />
      {error && <p role="alert" className="form-error"><Said text={inFull(error)} /></p>}
    </>
  );
}
