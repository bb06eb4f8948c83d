export interface ChunkLimits<Part> {
  /** The most parts of one chunk. At least 1. */
  readonly maxParts: number;
  /** The most bytes of one chunk. A part that is larger is a chunk by itself. Default: no limit. */
  readonly maxBytes?: number;
  /** Needed with `maxBytes`. */
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
