/** The columns of a board of boxes by one measure: its figure says all, a composite of one says it worse. */

import type { Board } from '@/api/queries';
import { BOX_MEASURES, type BoxMeasure, sayFigure } from '@/lib/box-measures';
import { Missing } from '@/ui/missing';
import { BoxNameCell } from './box-name-cell';
import type { Column } from './columns';

/** The measure of boxes that is all the board ranks by; none where it is another kind of board. */
export function onlyMeasure(board: Pick<Board, 'rows'>): BoxMeasure | undefined {
  const names = [...new Set(board.rows.flatMap((row) => Object.keys(row.factors)))];
  return names.length === 1 ? BOX_MEASURES.find(({ id }) => id === names[0]) : undefined;
}

const DAY_CHANGES = '%';
/** The full name, where a column of its own needs it. */
export const measureTitle = ({ label, unit }: BoxMeasure): string => (unit === DAY_CHANGES ? `Floor price, change of ${label}` : label);

/** Of the usual columns those that mean something here, with the measure in the place of the score. */
export function measureColumns(usual: Column[], measure: BoxMeasure): Column[] {
  const of = (ids: string[], from?: Column['from']): Column[] =>
    usual.filter(({ id }) => ids.includes(id)).map((column) => ({ ...column, from: from ?? column.from }));
  return [
    ...of(['rank', 'change']),
    ...of(['symbol']).map((column) => ({ ...column, label: 'Box', cell: (row) => <BoxNameCell row={row} /> }) satisfies Column),
    {
      id: measure.id, label: measureTitle(measure), width: 230, narrow: 108, number: true, from: 'phone',
      by: (row) => row.factors[measure.id]?.raw, desc: true,
      cell: (row) => {
        const factor = row.factors[measure.id];
        return factor?.raw == null ? <Missing why={factor?.missing_because ?? 'not known'} /> : sayFigure(measure.unit, factor.raw, true);
      },
      file: (row) => ({ [measure.id]: row.factors[measure.id]?.raw }),
    },
    ...of(['score', 'trend'], 'chosen'), // both come from the rank alone
  ];
}
