import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SyntheticEvent, useMemo, useState } from 'react';
import { useChange } from '@/api/change';
import { changeBoard, type Kind, removeBoard } from '@/api/domains';
import { methodsQuery } from '@/api/methods';
import type { Domain } from '@/api/queries';
import { counted } from '@/lib/format';
import { readTickers } from '@/lib/tickers';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';
import { BoardPreview } from './preview';

const route = getRouteApi('/domains');

/** A board that there is: who joins, who leaves, from when on, by which method; and the end of it. */
export function EditBoard({ board }: { board: Domain }) {
  const [adding, setAdding] = useState('');
  const [leaving, setLeaving] = useState<string[]>([]);
  const [on, setOn] = useState('');
  const [method, setMethod] = useState(board.method);
  const [removing, setRemoving] = useState(false);
  const methods = useQuery(methodsQuery).data?.methods ?? [];
  const change = useChange(changeBoard, ['domains', 'board', 'leaders']);
  const remove = useChange(removeBoard, ['domains', 'leaders']);
  const navigate = route.useNavigate();
  const joining = useMemo(() => readTickers(adding), [adding]);
  const wanted = useMemo(() => ({ symbols: joining, rule: null, asset_type: board.asset_type as Kind }), [joining, board.asset_type]);
  const differs = joining.length > 0 || leaving.length > 0 || method !== board.method;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    change.mutate(
      { board: board.slug, add: joining, drop: leaving, method: method === board.method ? null : method, on: on || null },
      {
        onSuccess: () => {
          setAdding('');
          setLeaving([]);
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="card builder" aria-labelledby="edit-board">
      <h2 id="edit-board">{board.name}</h2>
      <p className="about">
        {counted(board.members.length, 'member')} today. Membership is dated: who leaves stays on the board on every session
        before, so past ranks do not change. <Link to="/boards/$board" params={{ board: board.slug }}>Open the board</Link>
      </p>
      <div className="builder-halves">
        <div className="form">
          {board.rule ? (
            <p>Its members follow the rule <code>{board.rule}</code>, anew with every cycle. Another rule needs another board.</p>
          ) : (
            <>
              <Members members={board.members} leaving={leaving} onChange={setLeaving} />
              <Textarea label="Let join" description="Tickers, as they come." autosize minRows={2} maxRows={8} spellCheck={false} value={adding} onChange={(e) => setAdding(e.currentTarget.value)} />
              <TextInput type="date" label="From (may stay empty)" description="The first session with the change; empty: today." value={on} onChange={(e) => setOn(e.currentTarget.value)} />
            </>
          )}
          <NativeSelect label="Ranked by" description="From the next cycle on." value={method} onChange={(e) => setMethod(e.currentTarget.value)} data={methods.length ? methods.map((one) => one.name) : [board.method]} />
        </div>
        {!board.rule && <BoardPreview wanted={wanted} />}
      </div>
      {change.error && <p role="alert" className="form-error"><Said text={inFull(change.error)} /></p>}
      {change.data && !differs && (
        <p role="status" className="done">
          Saved{change.data.joined.length > 0 && `; joined: ${change.data.joined.join(', ')}`}
          {change.data.left.length > 0 && `; left: ${change.data.left.join(', ')}`}.
        </p>
      )}
      <div className="buttons">
        <RightButton right="write" type="submit" loading={change.isPending} disabled={!differs}>Save the change</RightButton>
        <Link to="/domains" className="plain">All boards</Link>
        <span className="push" />
        <RightButton right="write" variant="default" color="red" onClick={() => setRemoving(true)}>Remove the board…</RightButton>
      </div>
      {removing && (
        <Confirm
          title={`Remove ${board.name}?`}
          act="Remove"
          danger
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setRemoving(false)}
          onYes={() => remove.mutate(board.slug, { onSuccess: () => void navigate({ search: {} }) })}
        >
          <p>It is no longer ranked and leaves every list. What it published stays stored, and its name stays taken.</p>
        </Confirm>
      )}
    </form>
  );
}

function Members({ members, leaving, onChange }: { members: string[]; leaving: string[]; onChange: (leaving: string[]) => void }) {
  const [q, setQ] = useState('');
  const shown = members.filter((one) => one.includes(q.trim().toUpperCase())).slice(0, 120);
  return (
    <fieldset className="plain-set">
      <legend>Members</legend>
      {members.length > 40 && <TextInput type="search" aria-label="Filter the members" placeholder="Filter the members" value={q} onChange={(e) => setQ(e.currentTarget.value)} />}
      <p className="note tight">Press one to let it leave; again, to keep it.</p>
      <ul className="chips press">
        {shown.map((one) => {
          const out = leaving.includes(one);
          return (
            <li key={one}>
              <button type="button" aria-pressed={out} className={out ? 'out' : ''} onClick={() => onChange(out ? leaving.filter((each) => each !== one) : [...leaving, one])}>
                {one}{out && <span> leaves</span>}
              </button>
            </li>
          );
        })}
        {shown.length < members.length && !q && <li className="more">and {members.length - shown.length} more: filter to find them</li>}
      </ul>
    </fieldset>
  );
}
