import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Decision, decisionsQuery } from '@/api/decisions';
import { deskQuery } from '@/api/desk';
import { counted } from '@/lib/format';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { DecisionCard, DecisionLine } from './decision-card';
import { DeskFrame } from './desk-frame';
import { isAnswerable } from './desk-words';
import { ModeNote } from './mode-note';

const route = getRouteApi('/desk/decisions');
const OPEN = 1; // whose reasons are shown at once
const PAGE = 20;
const MOST = 1000;

/** What the desk proposes: what waits for an answer first, then what became of the others. */
export function DecisionsPage() {
  const { symbol, show } = route.useSearch();
  const navigate = route.useNavigate();
  const desk = useQuery(deskQuery);
  const asked = useQuery(decisionsQuery({ ...(symbol && { symbol }), limit: MOST }));
  const rows = asked.data?.rows ?? [];
  const waiting = rows.filter((row) => row.waiting);
  const approved = rows.filter((row) => row.status === 'approved');
  const earlier = rows.filter((row) => !row.waiting && row.status !== 'approved' && (show === 'all' || isAnswerable(row)));
  const mode = desk.data?.mode ?? 'manual';
  return (
    <DeskFrame
      title={symbol ? `Decisions on ${symbol}` : 'Decisions'}
      lead={<p>What the analysts come to, and what you make of it. Nothing is traded without your word.</p>}
    >
      {desk.data && <ModeNote desk={desk.data} />}
      {symbol && <p className="note"><Link from="/desk/decisions" to="." search={(now) => ({ ...now, symbol: undefined })}>All symbols</Link></p>}
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={3} height={180} />}
      {asked.data && !asked.error && (
        <>
          <h2 className="section-head">Waiting for an answer {waiting.length > 0 && <span className="soft">{waiting.length}</span>}</h2>
          {waiting.length === 0 && <p className="card note">Nothing waits. The desk asks only where enough of the analysts agree and nothing strong speaks against it.</p>}
          <Cards key={`waiting ${symbol ?? ''}`} rows={waiting} mode={mode} open={OPEN} />
          {approved.length > 0 && (
            <>
              <h2 className="section-head">Approved, to be traded <span className="soft">{approved.length}</span></h2>
              <Cards key={`approved ${symbol ?? ''}`} rows={approved} mode={mode} open={0} />
            </>
          )}
          <div className="card-head earlier-head">
            <h2>Earlier {earlier.length > 0 && <span className="soft">{counted(earlier.length, 'decision')}</span>}</h2>
            <SegmentedControl
              size="xs"
              aria-label="Which decisions"
              value={show ?? 'asked'}
              data={[{ value: 'asked', label: 'Buys and sells' }, { value: 'all', label: 'Every verdict' }]}
              onChange={(value) => void navigate({ search: (now) => ({ ...now, show: value === 'all' ? 'all' : undefined }), replace: true })}
            />
          </div>
          {earlier.length === 0 && rows.length > 0 && <p className="card note">No purchase and no sale was proposed before. “Every verdict” shows what the analysts came to otherwise.</p>}
          {rows.length === 0 && <Nothing symbol={symbol} />}
          <Earlier key={`earlier ${show ?? ''} ${symbol ?? ''}`} rows={earlier} />
        </>
      )}
    </DeskFrame>
  );
}

function Cards({ rows, mode, open }: { rows: Decision[]; mode: string; open: number }) {
  const [most, setMost] = useState(PAGE);
  return (
    <>
      {rows.slice(0, most).map((row, i) => <DecisionCard key={row.id} row={row} mode={mode} open={i < open} />)}
      <More rows={rows} most={most} onMore={setMost} />
    </>
  );
}

function Earlier({ rows }: { rows: Decision[] }) {
  const [most, setMost] = useState(PAGE);
  if (!rows.length) return null;
  return (
    <section className="card decision-lines" aria-label="Earlier decisions">
      {rows.slice(0, most).map((row) => <DecisionLine key={row.id} row={row} />)}
      <More rows={rows} most={most} onMore={setMost} />
    </section>
  );
}

function More({ rows, most, onMore }: { rows: Decision[]; most: number; onMore: (most: number) => void }) {
  return rows.length > most && <button type="button" className="plain" onClick={() => onMore(most + PAGE)}>Show {Math.min(PAGE, rows.length - most)} more of {rows.length}</button>;
}

function Nothing({ symbol }: { symbol: string | undefined }) {
  return (
    <Empty title={symbol ? `No decision on ${symbol}` : 'No decision yet'}>
      <p>Each night, the symbols with the strongest signals go to the analysts; what they come to is shown here in the morning.</p>
      <p><Link to="/desk">Start a night</Link></p>
    </Empty>
  );
}
