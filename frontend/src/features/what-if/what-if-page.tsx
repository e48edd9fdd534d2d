import { Button, NativeSelect } from '@mantine/core';
import { useDebouncedCallback, useThrottledValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { knownSymbolsQuery } from '@/api/known-symbols';
import { type Method, methodsQuery, triedQuery } from '@/api/methods';
import { type Domain, domainsQuery } from '@/api/queries';
import { useLinkKeys } from '@/lib/keys';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { Outcome } from './outcome';
import { SaveMethod } from './save-method';
import { Sliders } from './sliders';
import { ownWeights, readWeights, same, shares, type Weights, writeWeights } from './weights';

const route = getRouteApi('/what-if');
const PAUSE_MS = 120; // between two questions while a slider is drawn

/** Other weights for a board: who would move, and what ten years say of it. Nothing is stored by trying. */
export function WhatIfPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const domains = useQuery(domainsQuery);
  const methods = useQuery(methodsQuery);
  useTitle('What-if');
  useLinkKeys();
  const error = domains.error ?? methods.error;
  const boards = domains.data?.domains ?? [];
  const board = boards.find((one) => one.slug === search.board) ?? boards[0];
  const method = methods.data?.methods.find((one) => one.name === (search.method ?? board?.method));

  return (
    <>
      <div className="page-head">
        <div>
          <h1>What if</h1>
          <p className="lead">…the factors counted otherwise? Drag a slider; the board follows. Nothing is stored by trying.</p>
        </div>
        <div className="switches">
          <NativeSelect
            label="Board"
            value={board?.slug ?? ''}
            data={boards.map((one) => ({ value: one.slug, label: one.name }))}
            onChange={(event) => void navigate({ search: { board: event.currentTarget.value } })}
          />
          <NativeSelect
            label="Method"
            value={method?.name ?? ''}
            data={(methods.data?.methods ?? []).map((one) => ({ value: one.name, label: `${one.name} v${one.version}` }))}
            onChange={(event) => void navigate({ search: { board: board?.slug, method: event.currentTarget.value } })}
          />
        </div>
      </div>
      {error && <ErrorBox error={error} again={() => void Promise.all([domains.refetch(), methods.refetch()])} />}
      {!error && (domains.isPending || methods.isPending) && <Waiting rows={6} height={56} />}
      {board && method && <Trial key={`${board.slug} ${method.name} ${method.version}`} board={board} method={method} asked={search.method} />}
      {board && methods.data && !method && (
        <Empty title="There is no such method"><p>Choose one of those above.</p></Empty>
      )}
    </>
  );
}

interface TrialProps {
  board: Domain;
  method: Method;
  /** The method that the address names, if any. */
  asked: string | undefined;
}

function Trial({ board, method, asked }: TrialProps) {
  const { w } = route.useSearch();
  const navigate = route.useNavigate();
  const own = useMemo(() => ownWeights(method), [method]);
  const [weights, setWeights] = useState(() => readWeights(w, own));
  const [seen, setSeen] = useState({ w, wrote: w });
  if (w !== seen.w) {
    setSeen({ ...seen, w });
    if (w !== seen.wrote) setWeights(readWeights(w, own)); // not by the sliders: back, or a link
  }
  const [saving, setSaving] = useState(false);
  const settled = useThrottledValue(weights, PAUSE_MS);
  const share = shares(settled);
  const tried = useQuery({ ...triedQuery(board.slug, asked, share ?? {}), enabled: share !== null });
  const known = useQuery(knownSymbolsQuery).data;
  const keep = useDebouncedCallback((next: Weights) => {
    const wrote = writeWeights(next, own);
    setSeen((now) => ({ ...now, wrote }));
    void navigate({ search: (now) => ({ ...now, board: board.slug, w: wrote }), replace: true });
  }, 250);
  const change = (next: Weights): void => {
    setWeights(next);
    keep(next);
  };
  return (
    <div className="what-if">
      <section className="card tuning" aria-labelledby="weights">
        <h2 id="weights">Weights</h2>
        <p className="about">Only their proportion counts. The mark on each line is where it stands now.</p>
        <Sliders weights={weights} own={own} onChange={change} />
        {!shares(weights) && <p role="alert" className="form-error">All are 0: give one of them more.</p>}
        <div className="buttons">
          <Button variant="default" onClick={() => change(own)} disabled={same(weights, own)}>Reset</Button>
          <Button onClick={() => setSaving(true)} disabled={same(weights, own) || !shares(weights)}>Save as a method…</Button>
        </div>
      </section>
      <div className={tried.isPlaceholderData ? 'fading' : ''}>
        {tried.error && <ErrorBox error={tried.error} again={() => void tried.refetch()} />}
        {tried.isPending && share && (
          <>
            <p className="note" role="status">The first look at a board reads its last ten years: a few seconds. After that it follows your hand.</p>
            <Waiting rows={7} height={52} />
          </>
        )}
        {tried.data && !tried.error && <Outcome tried={tried.data} known={known} />}
      </div>
      {saving && <SaveMethod method={method} weights={weights} onClose={() => setSaving(false)} />}
    </div>
  );
}
