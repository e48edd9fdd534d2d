import { useState } from 'react';
import type { ImportResult } from '@/api/portfolio-imports';
import { counted } from '@/lib/format';

const FIRST = 50;
const FATES: Record<ImportResult['rows'][number]['fate'], [string, string, string]> = {
  added: ['+', 'good', 'added'],
  known: ['=', 'calm', 'there already'],
  refused: ['✕', 'bad', 'refused'],
};

/** What becomes of each line of the file. */
export function FateTable({ rows }: { rows: ImportResult['rows'] }) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>Every row and what becomes of it ({counted(rows.length, 'row')})</summary>
      <table className="plain-table fates">
        <thead>
          <tr>
            <th scope="col" className="number">Line</th>
            <th scope="col">Symbol</th>
            <th scope="col">What</th>
            <th scope="col">Fate</th>
          </tr>
        </thead>
        <tbody>
          {(all ? rows : rows.slice(0, FIRST)).map((row, i) => {
            const [mark, tone, word] = FATES[row.fate];
            return (
              <tr key={i}>
                <th scope="row" className="number">{row.line}</th>
                <td>{row.symbol ?? '–'}</td>
                <td>{row.action}</td>
                <td>
                  <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>
                  {row.reason && <span className="note block">{row.reason}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {!all && rows.length > FIRST && <button type="button" className="plain" onClick={() => setAll(true)}>Show all {rows.length}</button>}
    </details>
  );
}
