/** The first sentence of a longer text; a point within a number does not end it. */
export function firstSentence(said: string): string {
  const end = /[.!?](?=\s[A-Z])/.exec(said)?.index;
  return end === undefined ? said : said.slice(0, end + 1);
}
