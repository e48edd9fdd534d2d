/** A text in which what did not recompute stands between `~~`. */

export interface Part {
  text: string;
  struck: boolean;
}

/** Its parts, in their order; an odd `~~` at the end strikes nothing. */
export function partsOf(text: string): Part[] {
  const cut = text.split('~~');
  const odd = cut.length % 2 === 0 ? cut.length - 1 : -1;
  return cut
    .map((part, i) => ({ text: i === odd ? `~~${part}` : part, struck: i % 2 === 1 && i !== odd }))
    .filter((part) => part.text);
}
