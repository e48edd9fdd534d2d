import { Button, FileButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { type ImportResult, sendFile } from '@/api/portfolio-imports';
import { TOUCHED } from '@/api/portfolios';
import { useMay } from '@/api/session';
import { counted } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightNote } from '@/ui/rights';
import { Said, Waiting } from '@/ui/states';
import { ImportPreview } from './import-preview';
import { readFile } from './read-file';

interface Chosen {
  file_name: string;
  bytes: ArrayBuffer;
}

/** Choose, see what would become of every row, then take it in. */
export function FileImport({ id, name }: { id: string; name: string }) {
  const [chosen, setChosen] = useState<Chosen>();
  const [trouble, setTrouble] = useState('');
  const [over, setOver] = useState(false);
  const { may } = useMay('write');
  const trial = useChange(sendFile, []);
  const taken = useChange(sendFile, TOUCHED);
  const begin = (): void => {
    setTrouble('');
    trial.reset();
    taken.reset();
  };
  const choose = async (file: File | null | undefined): Promise<void> => {
    if (!file || !may) return;
    begin();
    const read = await readFile(file);
    if ('trouble' in read) {
      setChosen(undefined);
      setTrouble(read.trouble);
      return;
    }
    setChosen(read);
    trial.mutate({ id, ...read, mapping: {}, dry_run: true });
  };
  const again = (mapping: Record<string, string>): void => {
    if (chosen) trial.mutate({ id, ...chosen, mapping, dry_run: true });
  };
  const take = (mapping: Record<string, string>): void => {
    if (chosen) taken.mutate({ id, ...chosen, mapping, dry_run: false });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void choose(event.dataTransfer.files[0]);
  };
  const error = taken.error ?? trial.error;
  return (
    <section className="card" aria-labelledby="file">
      <h2 id="file" className="section-head">Import a file</h2>
      <RightNote right="write" what="You can look here, not import." />
      {/* Dropping is one way more: the button inside does the same by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="group"
        aria-label="The file"
        className={`drop${over ? ' over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(may);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileButton onChange={(file) => void choose(file)} accept=".csv,.tsv,.txt,text/csv,text/plain">
          {(props) => <Button {...props} disabled={!may}>{chosen ? 'Choose another file…' : 'Choose a file…'}</Button>}
        </FileButton>
        <span className="note">
          CSV of positions (symbol, quantity, entry price, entry date) or of trades (date, action, symbol, quantity, price), as brokers and
          spreadsheets write it. {chosen ? <>Chosen: <b>{chosen.file_name}</b></> : <span className="desk-only">It can be dropped here. Nothing is kept before you say so.</span>}
        </span>
      </div>
      {trouble && <p role="alert" className="form-error">{trouble}</p>}
      {error && <p role="alert" className="form-error"><Said text={inFull(error)} /></p>}
      {trial.isPending && <Waiting rows={4} height={28} />}
      {trial.data && !taken.data && (
        <ImportPreview result={trial.data} busy={taken.isPending} onMapping={again} onTake={take} />
      )}
      {taken.data && <Taken result={taken.data} name={name} />}
    </section>
  );
}

function Taken({ result, name }: { result: ImportResult; name: string }) {
  if (!result.accepted) return <p role="alert" className="form-error">The file was not taken in: {counted(result.faults.length, 'mistake')}.</p>;
  return (
    <div role="status" className="taken">
      <p className="done"><b>✓ {result.file_name} is taken in</b>: {counted(result.rows_added, 'row')} added{result.rows_known > 0 && `, ${result.rows_known} there already`}.</p>
      {result.pending.length > 0 && <p>{counted(result.pending.length, 'symbol')} without prices here {result.pending.length === 1 ? 'is' : 'are'} being fetched; {name} is complete when they have come.</p>}
      {result.said.map((one) => <p key={one} className="note">{one}</p>)}
      <p className="buttons">
        <Link from="/portfolios/$portfolio" to="." search={{}} className="button">See the figures</Link>
        <Link from="/portfolios/$portfolio" to="." search={{ tab: 'holdings' }}>Holdings</Link>
      </p>
    </div>
  );
}
