/** A chosen file, as it is sent: its bytes untouched, because the server knows the encodings. */

const MOST_BYTES = 1_000_000; // what fits into a request

export async function readFile(file: File): Promise<{ file_name: string; bytes: ArrayBuffer } | { trouble: string }> {
  if (file.size === 0) return { trouble: `${file.name} is empty.` };
  if (file.size > MOST_BYTES) {
    return { trouble: `${file.name} is larger than 1 MB. Split it, or take it in with: pacesetter portfolio import` };
  }
  return { file_name: file.name, bytes: await file.arrayBuffer() };
}
