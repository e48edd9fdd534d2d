/** Tickers out of whatever was pasted or is in a file: a list, a column, a spreadsheet. */

const HEADINGS = new Set(['symbol', 'symbols', 'ticker', 'tickers']);

/** Each once, in the order given. In lines with several cells (a table), the column that is headed so, or the first. */
export function readTickers(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const head = (lines[0] ?? '').split(/[,;\t]/).map((cell) => unquote(cell).toLowerCase());
  const column = head.findIndex((cell) => HEADINGS.has(cell));
  const found = column >= 0 ? lines.slice(1).map((line) => line.split(/[,;\t]/)[column] ?? '') : lines.flatMap((line) => line.split(/[\s,;]+/));
  return [...new Set(found.map((one) => unquote(one).replace(/^\$/, '').toUpperCase()).filter((one) => one !== ''))];
}

const SHAPE = /^[A-Z0-9^_][A-Z0-9.\-=^_&]{0,30}$/;

/** Whether a text can be a symbol in Yahoo's spelling: AAPL, BRK-B, VOD.L. */
export function canBeSymbol(text: string): boolean {
  return SHAPE.test(text);
}

function unquote(cell: string): string {
  return cell.trim().replace(/^["']|["']$/g, '').trim();
}
