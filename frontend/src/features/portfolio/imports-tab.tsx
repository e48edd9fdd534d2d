import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '@/api/change';
import { type Import, importsQuery, undoImport } from '@/api/portfolio-imports';
import { type Snapshot, TOUCHED } from '@/api/portfolios';
import { counted, instantInFull } from '@/lib/format';
import { Confirm } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { ErrorBox, Waiting } from '@/ui/states';
import { FileImport } from './file-import';

/** A file to take in, tried first; and those that were, each to be taken back. */
export function ImportsTab({ id, of }: { id: string; of: Snapshot }) {
  const asked = useQuery(importsQuery(id));
  const [undone, setUndone] = useState<Import>();
  const rows = asked.data?.rows ?? [];
  return (
    <>
      <FileImport id={id} name={of.name} />
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={2} height={44} />}
      {rows.length > 0 && (
        <section className="card" aria-labelledby="past-imports">
          <h2 id="past-imports">Files taken in</h2>
          <ul className="log">{rows.map((row) => <ImportRow key={row.id} row={row} onUndo={() => setUndone(row)} />)}</ul>
        </section>
      )}
      {undone && <UndoImport id={id} row={undone} onClose={() => setUndone(undefined)} />}
    </>
  );
}

function ImportRow({ row, onUndo }: { row: Import; onUndo: () => void }) {
  return (
    <li className="two">
      <span>
        <b className="file-name">{row.file_name}</b>
        <span className="note block">
          {instantInFull(row.created_at)} · {counted(row.rows_read, 'row')} read, {row.rows_added} added
          {row.rows_known > 0 && `, ${row.rows_known} there already`}
          {row.undone_at && <> · <b>taken back</b> {instantInFull(row.undone_at)}</>}
        </span>
      </span>
      {!row.undone_at && (
        <RightButton right="write" variant="default" size="xs" onClick={onUndo} label={`Take back ${row.file_name}`}>Take back…</RightButton>
      )}
    </li>
  );
}

function UndoImport({ id, row, onClose }: { id: string; row: Import; onClose: () => void }) {
  const undo = useChange(undoImport, TOUCHED);
  return (
    <Confirm
      title={`Take back ${row.file_name}?`}
      act="Take it back"
      danger
      busy={undo.isPending}
      error={undo.error}
      onClose={onClose}
      onYes={() => undo.mutate({ id, import_id: row.id }, { onSuccess: onClose })}
    >
      <p>The trades that came with this file are taken away, and everything is computed anew without them. Trades of other files and those entered by hand stay.</p>
    </Confirm>
  );
}
