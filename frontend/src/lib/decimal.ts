/** A number that the API takes exactly as it is written; thousands' commas and blanks are taken out. */
export function readDecimal(text: string): string | undefined {
  const bare = text.replace(/[\s'_]/g, '').replace(/,(?=\d{3}(\D|$))/g, '');
  return /^\d+(\.\d{1,8})?$/.test(bare) ? bare : undefined;
}
