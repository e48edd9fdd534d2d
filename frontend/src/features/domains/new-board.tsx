import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SyntheticEvent, useMemo, useState } from 'react';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { type Done, type Kind, makeBoard } from '@/api/domains';
import { methodsQuery } from '@/api/methods';
import { counted } from '@/lib/format';
import { readTickers } from '@/lib/tickers';
import { inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';
import { type Given, MemberFields } from './member-fields';
import { BoardPreview } from './preview';

const route = getRouteApi('/domains');

/** The form of a board that is to be made. */
export function NewBoard() {
  const [name, setName] = useState('');
  const [about, setAbout] = useState('');
  const [kind, setKind] = useState<Kind>('equity');
  const [method, setMethod] = useState('core');
  const [since, setSince] = useState('');
  const [given, setGiven] = useState<Given>({ way: 'list', text: '', rule: '' });
  const [key, setKey] = useState(newKey);
  const methods = useQuery(methodsQuery).data?.methods ?? [];
  const make = useChange(makeBoard, ['domains', 'leaders']);
  const navigate = route.useNavigate();
  const wanted = useMemo(
    () => ({
      symbols: given.way === 'list' ? readTickers(given.text) : [],
      rule: given.way === 'rule' ? given.rule.trim() || null : null,
      asset_type: kind,
    }),
    [given, kind],
  );
  const ready = name.trim() !== '' && (wanted.symbols.length > 0 || wanted.rule !== null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!ready) return;
    make.mutate(
      { ...wanted, name: name.trim(), method, description: about.trim() || null, since: since || null, key },
      { onError: () => setKey(newKey()) },
    );
  };

  if (make.data) return <Made done={make.data} again={() => make.reset()} />;
  return (
    <form onSubmit={submit} className="card builder" aria-labelledby="new-board">
      <h2 id="new-board">New board</h2>
      <div className="builder-halves">
        <div className="form">
          <TextInput label="Name" required maxLength={80} data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} placeholder="My few" />
          <TextInput label="What it is for (may stay empty)" maxLength={400} value={about} onChange={(e) => setAbout(e.currentTarget.value)} />
          <MemberFields given={given} onChange={setGiven} />
          <div className="in-row">
            <NativeSelect label="Kind" value={kind} onChange={(e) => setKind(e.currentTarget.value as Kind)} data={[{ value: 'equity', label: 'Stocks' }, { value: 'etf', label: 'Funds (ETF)' }]} />
            <NativeSelect label="Ranked by" value={method} onChange={(e) => setMethod(e.currentTarget.value)} data={methods.length ? methods.map((one) => one.name) : ['core']} />
          </div>
          <TextInput
            type="date"
            label="Members since (may stay empty)"
            description="Empty: ever, so that past sessions can be ranked too. Then today’s members stand in for all of the past, which knows of no one who left before."
            value={since}
            onChange={(e) => setSince(e.currentTarget.value)}
          />
        </div>
        <BoardPreview wanted={wanted} />
      </div>
      {make.error && <p role="alert" className="form-error"><Said text={inFull(make.error)} /></p>}
      <div className="buttons">
        <RightButton right="write" type="submit" loading={make.isPending} disabled={!ready}>Make the board</RightButton>
        <button type="button" className="plain" onClick={() => void navigate({ search: {} })}>Cancel</button>
      </div>
    </form>
  );
}

function Made({ done, again }: { done: Done; again: () => void }) {
  return (
    <section className="card" role="status">
      <h2>{done.board} is made</h2>
      <p>{counted(done.joined.length, 'member')}. The next cycle ranks it; until then its page computes the ranks when it is opened.</p>
      {done.unknown.length > 0 && <p className="named warn"><b>Without prices yet:</b> {done.unknown.join(', ')}. They stand unranked until there are some: import prices, or start Pacesetter with a source that fetches them.</p>}
      <p className="buttons">
        <Link to="/boards/$board" params={{ board: done.slug }} className="button">Open the board</Link>
        <Link to="/jobs" className="plain">Rank it now</Link>
        <button type="button" className="plain" onClick={again}>Make another</button>
        <Link to="/domains" className="plain">All boards</Link>
      </p>
    </section>
  );
}
