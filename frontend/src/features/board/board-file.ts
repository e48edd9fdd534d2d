import type { Row } from '@/api/queries';
import { toCsv } from '@/lib/csv';
import type { Column } from './columns';

/** The rows in sight as CSV, with every column there is: figures in full, nothing rounded. */
export function boardCsv(rows: Row[], columns: Column[]): string {
  const records = rows.map((row) => Object.assign({}, ...columns.map((column) => column.file(row))) as ReturnType<Column['file']>);
  const head = Object.keys(records[0] ?? { symbol: null });
  return toCsv(head, records.map((record) => head.map((name) => record[name])));
}
