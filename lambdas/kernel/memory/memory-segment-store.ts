import { chunks } from '../chunks.ts';
import type { StreamName } from '../commit.ts';
import type {
  SegmentRange,
  SegmentStore,
  StoredHead,
  StoredRow,
  StoredSegment,
} from '../segments/segment-store.ts';

/** Sealed history in memory, for specs and small tools. Specs may change the maps to damage it. */
export class MemorySegmentStore implements SegmentStore {
  readonly segmentsOf = new Map<StreamName, Map<number, StoredSegment>>();
  readonly rowsOf = new Map<StreamName, Map<number, StoredRow>>();
  readonly heads = new Map<StreamName, StoredHead>();

  async *segments(stream: StreamName, range: SegmentRange): AsyncIterable<readonly StoredSegment[]> {
    const { fromVersion, toVersion = Number.POSITIVE_INFINITY, pageSize = 32 } = range;
    const all = [...(this.segmentsOf.get(stream)?.values() ?? [])]
      .filter(({ firstVersion, version }) => !(version < fromVersion) && firstVersion <= toVersion)
      .sort((a, b) => a.firstVersion - b.firstVersion);
    yield* chunks(all, { maxParts: pageSize });
  }

  async rowBefore(stream: StreamName, version: number): Promise<StoredRow | undefined> {
    const rows = [...(this.rowsOf.get(stream)?.entries() ?? [])].filter(([at]) => at <= version);
    return rows.sort(([a], [b]) => b - a)[0]?.[1];
  }

  async head(stream: StreamName): Promise<StoredHead | undefined> {
    return this.heads.get(stream);
  }

  async putSegment(segment: StoredSegment): Promise<void> {
    partsOf(this.segmentsOf, segment.stream).set(segment.firstVersion, segment);
  }

  async putRow(row: StoredRow): Promise<void> {
    partsOf(this.rowsOf, row.stream).set(row.version, row);
  }

  async putHead(head: StoredHead, { replaces }: { replaces?: string | undefined } = {}): Promise<void> {
    const present = this.heads.get(head.stream);
    if (present && present.version >= head.version && present.checksum !== replaces) return;
    this.heads.set(head.stream, head);
  }
}

function partsOf<Part>(all: Map<StreamName, Map<number, Part>>, stream: StreamName): Map<number, Part> {
  const parts = all.get(stream) ?? new Map<number, Part>();
  all.set(stream, parts);
  return parts;
}
