import type { ReportItem, ReportSection } from '@/api/desk';

/** Told beside what there is to do, where there is room for it. */
const BESIDE = new Set(['market_context', 'data_health']);
const FEWEST = 4; // rows of a table, from which reasons are said once

export interface Parts {
  headline: ReportSection | undefined;
  first: ReportSection[];
  second: ReportSection[];
}

/** The sections of a report by their place on the page, each part in their order. */
export function partsOf(sections: readonly ReportSection[]): Parts {
  const rest = sections.filter((one) => one.name !== 'headline');
  return {
    headline: sections.find((one) => one.name === 'headline'),
    first: rest.filter((one) => !BESIDE.has(one.name)),
    second: rest.filter((one) => BESIDE.has(one.name)),
  };
}

export interface Group<Row> {
  /** What is said of all of them; empty where each says its own. */
  words: string;
  rows: Row[];
}

/** Neighbours with the same words, where that says most words once; else one group with none. */
export function groupsOf<Row extends Pick<ReportItem, 'words'>>(rows: readonly Row[]): Group<Row>[] {
  const kinds = new Set(rows.map((one) => one.words));
  if (rows.length < FEWEST || kinds.size * 2 > rows.length || kinds.has('')) return [{ words: '', rows: [...rows] }];
  const found: Group<Row>[] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last?.words === row.words) last.rows.push(row);
    else found.push({ words: row.words, rows: [row] });
  }
  return found;
}
