/** Cuts the parts, in order, into what one call takes: so many, of so many bytes together; a larger part goes alone. */
export function chunks<Part extends { readonly bytes: number }>(
  parts: readonly Part[],
  maxParts: number,
  maxBytes: number,
): Part[][] {
  const all: Part[][] = [];
  let bytes = 0;
  for (const part of parts) {
    const current = all.at(-1);
    if (current === undefined || current.length === maxParts || bytes + part.bytes > maxBytes) {
      all.push([part]);
      bytes = part.bytes;
    } else {
      current.push(part);
      bytes += part.bytes;
    }
  }
  return all;
}
