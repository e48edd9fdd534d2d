import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { auditQuery, type Entry, type Inbox, type InboxFile, inboxQuery, lookAtInbox, verifyAudit } from '@/api/audit';
import { useChange } from '@/api/change';
import { useMay } from '@/api/session';
import { TEXT_KINDS } from '@/api/texts';
import { counted, instantInFull, sentence, short, withDays, words } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Empty, ErrorBox, Said, Waiting } from '@/ui/states';
import { DeskFrame } from './desk-frame';
import { title } from './desk-words';
import { entryInWords, NOUNS } from './log-words';
import { TextList } from './text-list';

const route = getRouteApi('/desk/log');

const LEADS = {
  audit: 'Every change that a person or a file made. Entries are chained: none can be changed or taken out unseen.',
  inbox: 'Files that were put into the watched folder, and what became of them.',
  texts: 'Research, news, insiders, earnings and notes: what opinions rest on besides figures.',
} as const;

/** Who changed what, and what came by the inbox. */
export function LogPage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <DeskFrame
      title="Log"
      lead={<p>{LEADS[show ?? 'audit']}</p>}
      tools={
        <SegmentedControl
          aria-label="What is shown"
          value={show ?? 'audit'}
          data={[{ value: 'audit', label: 'Changes' }, { value: 'inbox', label: 'Inbox' }, { value: 'texts', label: 'Texts' }]}
          onChange={(value) => void navigate({ search: value === 'inbox' || value === 'texts' ? { show: value } : {} })}
        />
      }
    >
      {show === 'inbox' && <InboxFiles />}
      {show === 'texts' && <Texts />}
      {!show && <Changes />}
    </DeskFrame>
  );
}

function Texts() {
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const known = TEXT_KINDS.find((one) => one === kind);
  return (
    <>
      <div className="toolbar">
        <NativeSelect
          aria-label="Which texts"
          value={known ?? ''}
          data={[{ value: '', label: 'Every kind' }, ...TEXT_KINDS.map((value) => ({ value, label: title(value) }))]}
          onChange={(event) => {
            const value = event.currentTarget.value;
            void navigate({ search: value ? { show: 'texts', kind: value } : { show: 'texts' }, replace: true });
          }}
        />
      </div>
      <section className="card" aria-label="Texts">
        <TextList kind={known}><p className="note">No text {known ? `of the kind ${known} ` : ''}is kept. Files that are put into <code>research-reports</code> or <code>manual-stocks</code> of the inbox come here.</p></TextList>
      </section>
    </>
  );
}

function Changes() {
  const { action } = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useMay('admin');
  const asked = useInfiniteQuery({ ...auditQuery(action), enabled: may });
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  if (!may) return <RightNote right="admin" what="The log is for owners." />;
  return (
    <>
      <div className="toolbar">
        <NativeSelect
          aria-label="Which changes"
          value={action ?? ''}
          data={[{ value: '', label: 'Every change' }, ...NOUNS.map(([value, label]) => ({ value, label }))]}
          onChange={(event) => {
            const value = event.currentTarget.value;
            void navigate({ search: value ? { action: value } : {}, replace: true });
          }}
        />
        <Verify />
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={8} height={48} />}
      {asked.data && !asked.error && rows.length === 0 && <Empty title="Nothing was changed"><p>{action ? 'No entry of that kind.' : 'What people and files change of the desk is written here.'}</p></Empty>}
      {rows.length > 0 && !asked.error && (
        <section className="card" aria-label="Changes">
          <ul className="log audit-log">{rows.map((row) => <EntryRow key={row.sequence} row={row} />)}</ul>
          {asked.hasNextPage && <button type="button" className="plain" disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>Show older ones</button>}
        </section>
      )}
    </>
  );
}

function EntryRow({ row }: { row: Entry }) {
  return (
    <li>
      <span className="note figure">{row.sequence}</span>
      <span>
        <details className="entry">
          <summary>{entryInWords(row)}</summary>
          <pre>{JSON.stringify(row.data, null, 2)}</pre>
          <p className="note">{row.action}, hash <code>{row.hash.slice(0, 16)}…</code></p>
        </details>
      </span>
      <span className="note when">{instantInFull(row.timestamp)}<span className="block">{row.by}</span></span>
    </li>
  );
}

function Verify() {
  const check = useChange(verifyAudit, []);
  const found = check.data;
  return (
    <div className="verify">
      <RightButton right="admin" variant="default" size="sm" loading={check.isPending} onClick={() => check.mutate(undefined)}>Verify</RightButton>
      {check.error && <p role="alert" className="form-error"><Said text={inFull(check.error)} /></p>}
      {found?.holds && <p role="status" className="done">✓ All {counted(found.n, 'entry', 'entries')} hold. Newest hash <code>{found.head.slice(0, 16)}…</code></p>}
      {found && !found.holds && (
        <div role="alert" className="form-error">
          <p>✕ The log does not hold:</p>
          <ul>{found.breaks.map((one) => <li key={`${one.sequence} ${one.reason}`}>Entry {one.sequence}: {one.reason}</li>)}</ul>
        </div>
      )}
    </div>
  );
}

const FATES: Record<string, readonly [string, string, string]> = {
  applied: ['✓', 'good', 'taken in'],
  failed: ['✕', 'bad', 'refused'],
  duplicate: ['=', 'calm', 'came before'],
};

function InboxFiles() {
  const asked = useQuery(inboxQuery);
  const look = useChange(lookAtInbox, ['desk']);
  const data = asked.data;
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (!data) return <Waiting rows={6} height={48} />;
  return (
    <>
      <div className="toolbar">
        <RightButton right="write" variant="default" size="sm" loading={look.isPending} onClick={() => look.mutate(undefined)}>Look now</RightButton>
        {look.error && <p role="alert" className="form-error"><Said text={inFull(look.error)} /></p>}
        {look.data && <p role="status" className="note">{look.data.busy ? 'Another look is under way.' : `${counted(look.data.rows.length, 'file')} taken in or refused.`}</p>}
      </div>
      {data.path && <p className="note">The folder: <code>{data.path}</code></p>}
      {data.remarks.map((one) => <p key={one} className="note"><Said text={sentence(one.charAt(0).toUpperCase() + one.slice(1))} /></p>)}
      <Lying inbox={data} />
      {data.rows.length === 0 ? (
        <Empty title="Nothing came yet">
          <p>Put a file into the inbox: prices, fundamentals, research, news, earnings, insiders’ trades, picks. Each is taken in once, and its report lies beside it.</p>
          {!data.exists && <p><code>pacesetter inbox make</code> makes the folders, with a note of what goes where.</p>}
        </Empty>
      ) : (
        <section className="card" aria-label="Files">
          <ul className="log">{data.rows.map((row) => <FileRow key={row.id} row={row} />)}</ul>
        </section>
      )}
    </>
  );
}

function Lying({ inbox: { waiting, left } }: { inbox: Inbox }) {
  if (!waiting.length && !left.length) return null;
  return (
    <section className="card" aria-labelledby="lying">
      <h2 id="lying">In the folder now</h2>
      <ul className="plain-lines">
        {waiting.map((one) => <li key={one}><code>{one}</code> waits for the next look</li>)}
        {left.map((one) => <li key={one.path}><code>{one.path}</code> is left there: {one.reason}{one.mend && `. ${sentence(one.mend)}`}</li>)}
      </ul>
    </section>
  );
}

function FileRow({ row }: { row: InboxFile }) {
  const [mark, tone, word] = FATES[row.status] ?? ['?', 'calm', words(row.status)];
  return (
    <li>
      <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>
      <span className="file">
        <b>{row.folder}/{row.name}</b> <span className="note">{short(row.size_bytes)}B</span>
        <span className="note block">{withDays(row.summary)}</span>
        {row.flaws.length > 0 && (
          <details>
            <summary>{counted(row.flaws.length, 'flaw')}</summary>
            <ul className="plain-lines">{row.flaws.map((one, i) => <li key={i}>{one.at && <code>{one.at}</code>} {one.what}{one.mend && <span className="note">: {one.mend}</span>}</li>)}</ul>
          </details>
        )}
        {row.moved_to && <span className="note block">now in {row.moved_to}</span>}
      </span>
      <span className="note when">{instantInFull(row.found_at)}</span>
    </li>
  );
}
