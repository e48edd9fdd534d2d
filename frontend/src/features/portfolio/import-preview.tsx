import type { ImportResult } from '@/api/portfolio-imports';
import { counted } from '@/lib/format';
import { RightButton } from '@/ui/rights';
import { ColumnMeanings } from './column-meanings';
import { FateTable } from './fate-table';
import { FaultTable } from './fault-table';

interface Props {
  result: ImportResult;
  busy: boolean;
  onMapping: (mapping: Record<string, string>) => void;
  onTake: (mapping: Record<string, string>) => void;
}

/** What a file would come to: every mistake with its line, every row with its fate. */
export function ImportPreview({ result, busy, onMapping, onTake }: Props) {
  const { faults, rows_read: read, rows_added: added, rows_known: known, rows_refused: refused } = result;
  const wrong = faults.length > 0;
  return (
    <div className="trial">
      <p role="status" className="verdict-line">
        {wrong ? (
          <><span className="state bad"><span aria-hidden="true">✕</span> {counted(faults.length, 'mistake')}</span> in {counted(refused, 'row')} of {read}. Nothing is kept until the file is right: a portfolio that lacks a few rows is a wrong one.</>
        ) : (
          <><span className="state good"><span aria-hidden="true">✓</span> No mistake</span> in {counted(read, 'row')} of {result.kind ?? 'data'}: {added} would be added{known > 0 && `, ${known} are there already and stay as they are`}.</>
        )}
      </p>
      {result.pending.length > 0 && <p className="note">Not known here yet, and fetched when you import: {result.pending.join(', ')}.</p>}
      {!wrong && result.said.map((one) => <p key={one} className="note">{one}</p>)}
      {wrong && <FaultTable faults={faults} file={result.file_name} />}
      {!wrong && (
        <div className="buttons">
          <RightButton right="write" loading={busy} disabled={added === 0} onClick={() => onTake(result.mapping)}>Import {counted(added, 'row')}</RightButton>
          {added === 0 && <span className="note">There is nothing new in it.</span>}
        </div>
      )}
      <ColumnMeanings key={result.file_name} mapping={result.mapping} unused={result.unused} onMapping={onMapping} />
      <FateTable rows={result.rows} />
    </div>
  );
}
