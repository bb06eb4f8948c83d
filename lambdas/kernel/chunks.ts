/** Limits of one chunk. */
export interface ChunkLimits<Part> {
  /** Maximum number of parts. At least 1. */
  readonly maxParts: number;
  /** Maximum number of bytes. A larger part is a chunk by itself. Default: no limit. */
  readonly maxBytes?: number;
  /** The size of a part. Required with `maxBytes`. */
  readonly bytesOf?: (part: Part) => number;
}

/** Cuts parts, in their order, into chunks within the limits. */
export function chunks<Part>(parts: readonly Part[], limits: ChunkLimits<Part>): Part[][] {
  const { maxParts, maxBytes = Number.POSITIVE_INFINITY, bytesOf = () => 0 } = limits;
  const all: Part[][] = [];
  let bytes = 0;
  for (const part of parts) {
    const size = bytesOf(part);
    const current = all.at(-1);
    if (current === undefined || current.length === maxParts || bytes + size > maxBytes) {
      all.push([part]);
      bytes = size;
    } else {
      current.push(part);
      bytes += size;
    }
  }
  return all;
}
