import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamName } from '../commit.ts';
import type { SegmentStore, StoredHead, StoredRow, StoredSegment } from '../segments/segment-store.ts';
import { newStream } from './commits.fixture.ts';

const hash = 'h'.repeat(43);

/** The contract of every store of sealed history. */
export function describeSegmentStoreContract(name: string, makeStore: () => Promise<SegmentStore>): void {
  describe(`segment store contract: ${name}`, () => {
    let store: SegmentStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    const segmentOf = (stream: StreamName, firstVersion: number, more: Partial<StoredSegment> = {}) => ({
      stream,
      firstVersion,
      version: firstVersion + 999,
      lastCommit: firstVersion + 998,
      hashBefore: hash,
      hash,
      packed: Buffer.from([0, 1, 2, 255]),
      checksum: 'checksum',
      ...more,
    });
    const rowOf = (stream: StreamName, version: number, row = '{}'): StoredRow => ({
      stream,
      version,
      lastCommit: version - 2,
      hash,
      committedAt: '2026-01-02T03:04:05.678Z',
      projection: 'test',
      rowVersion: 3,
      row,
      checksum: 'checksum',
    });
    const headOf = (stream: StreamName, version: number, checksum = `${version}`): StoredHead => ({
      stream,
      version,
      lastCommit: version,
      hash,
      committedAt: '2026-01-02T03:04:05.678Z',
      commands: Buffer.from([9, 0]),
      checksum,
    });
    const all = async (stream: StreamName, fromVersion: number, pageSize?: number) => {
      const range = { fromVersion, ...(pageSize && { pageSize }) };
      const segments = (await Array.fromAsync(store.segments(stream, range))).flat();
      return segments.map((segment) => ({ ...segment, packed: Buffer.from(segment.packed) }));
    };
    const head = async (stream: StreamName, options?: { consistent: boolean }) => {
      const stored = await store.head(stream, options);
      return stored && { ...stored, commands: Buffer.from(stored.commands) };
    };

    it('returns segments in order and to the end, in pages of any size', async () => {
      const stream = newStream();
      const segments = [1, 1_001, 2_001, 10_001, 100_001].map((version) => segmentOf(stream, version));
      for (const segment of segments.toReversed()) await store.putSegment(segment);
      await store.putRow(rowOf(stream, 1_000));
      await store.putHead(headOf(stream, 1_000));
      expect(await all(stream, 1)).toStrictEqual(segments);
      expect(await all(stream, 1, 1)).toStrictEqual(segments);
      expect(await all(stream, 1, 2)).toStrictEqual(segments);
    });

    it('returns the segments that begin at a version or before', async () => {
      const stream = newStream();
      const segments = [1, 1_001, 2_001].map((version) => segmentOf(stream, version));
      for (const segment of segments) await store.putSegment(segment);
      const firstVersions = async (fromVersion: number, toVersion: number) =>
        (await Array.fromAsync(store.segments(stream, { fromVersion, toVersion, pageSize: 1 })))
          .flat()
          .map(({ firstVersion }) => firstVersion);
      expect(await firstVersions(1, 9_999)).toEqual([1, 1_001, 2_001]);
      expect(await firstVersions(1, 2_001)).toEqual([1, 1_001, 2_001]);
      expect(await firstVersions(1, 2_000)).toEqual([1, 1_001]);
      expect(await firstVersions(1_001, 1_001)).toEqual([1_001]);
      expect(await firstVersions(1_001, 1_000)).toEqual([]);
    });

    it('returns the segments from the one with a version on', async () => {
      const stream = newStream();
      const segments = [1, 1_001, 2_001].map((version) => segmentOf(stream, version));
      for (const segment of segments) await store.putSegment(segment);
      expect(await all(stream, 1_000)).toStrictEqual(segments);
      expect(await all(stream, 1_001)).toStrictEqual(segments.slice(1));
      expect(await all(stream, 1_500)).toStrictEqual(segments.slice(1));
      expect(await all(stream, 3_001)).toStrictEqual([]);
      expect(await all(newStream(), 1)).toStrictEqual([]);
    });

    it('keeps segments of commits without hashes, and replaces a segment', async () => {
      const stream = newStream();
      await store.putSegment(segmentOf(stream, 1));
      const segment = segmentOf(stream, 1, { hashBefore: undefined, hash: undefined, version: 4_000 });
      await store.putSegment(segment);
      expect(await all(stream, 1)).toStrictEqual([segment]);
    });

    it('returns the last row at a version or before', async () => {
      const stream = newStream();
      const rows = [1_000, 2_000, 10_000].map((version) => rowOf(stream, version, '{"name":"Łódź"}'));
      for (const row of rows) await store.putRow(row);
      await store.putSegment(segmentOf(stream, 1));
      expect(await store.rowBefore(stream, 999)).toBeUndefined();
      expect(await store.rowBefore(stream, 1_000)).toStrictEqual(rows[0]);
      expect(await store.rowBefore(stream, 9_999)).toStrictEqual(rows[1]);
      expect(await store.rowBefore(stream, 1_000_000)).toStrictEqual(rows[2]);
      await store.putRow(rowOf(stream, 1_000, '[]'));
      expect(await store.rowBefore(stream, 1_000)).toStrictEqual(rowOf(stream, 1_000, '[]'));
    });

    it('moves the head forward only', async () => {
      const stream = newStream();
      expect(await head(stream)).toBeUndefined();
      await store.putHead(headOf(stream, 2_000));
      await store.putHead(headOf(stream, 1_000));
      await store.putHead(headOf(stream, 2_000, 'other'));
      expect(await head(stream)).toStrictEqual(headOf(stream, 2_000));
      await store.putHead(headOf(stream, 3_000));
      expect(await head(stream, { consistent: true })).toStrictEqual(headOf(stream, 3_000));
    });

    it('replaces a head that cannot be used, unless another one has replaced it', async () => {
      const stream = newStream();
      await store.putHead(headOf(stream, 9_000, 'damaged'));
      await store.putHead(headOf(stream, 1_000), { replaces: 'damaged' });
      expect(await head(stream)).toStrictEqual(headOf(stream, 1_000));
      await store.putHead(headOf(stream, 500), { replaces: 'damaged' });
      expect(await head(stream)).toStrictEqual(headOf(stream, 1_000));
    });
  });
}
