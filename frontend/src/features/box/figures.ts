/** What a person types as a figure. */

/** A number of zero or more, with a decimal point and perhaps commas between thousands; nothing for nothing; NaN for anything else. */
export function readFigure(text: string): number | null {
  const plain = text.trim().replace(/^\$\s*/, '');
  if (plain === '') return null;
  return /^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(plain) ? Number(plain.replaceAll(',', '')) : NaN;
}

/** What is wrong with what is typed, where something is. */
export function wrongFigure(text: string): string | undefined {
  if (/^\s*\$?\s*[-−]/.test(text)) return 'Not below zero';
  return Number.isNaN(readFigure(text)) ? 'A number, such as 1,234.50' : undefined;
}

/** Today by the days that the server counts. */
export function today(now: Date): string {
  return now.toISOString().slice(0, 10);
}
