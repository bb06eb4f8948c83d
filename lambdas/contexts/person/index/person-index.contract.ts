import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type StreamName, streamKey, streamName } from '../../../kernel/index.ts';
import type { PersonIndex, PersonLinks, PersonRemoval } from '../../person-index.ts';

const at = '2026-01-02T03:04:05.678Z';

/** The contract of every index of persons. */
export function describePersonIndexContract(
  name: string,
  makeIndex: () => Promise<PersonIndex & PersonLinks & PersonRemoval>,
): void {
  describe(`person index contract: ${name}`, () => {
    let index: PersonIndex & PersonLinks & PersonRemoval;
    let tenant: string;
    beforeAll(async () => {
      index = await makeIndex();
    });
    beforeEach(() => {
      tenant = `t-${randomUUID()}`;
    });

    const newStream = (): StreamName => streamName('dispense', streamKey(tenant, randomUUID()));
    const entryOf = (identifierMac: string, birthMac = 'b1') => ({ tenant, identifierMac, birthMac });
    const link = (
      personId: string,
      stream: StreamName,
      { version = 1, identifier, birth }: { version?: number; identifier?: string; birth?: string } = {},
    ) =>
      index.link({
        tenant,
        personId,
        stream,
        version,
        ...(identifier !== undefined && { entry: entryOf(identifier, birth) }),
      });
    const found = (identifierMac: string) => index.withIdentifier({ tenant, identifierMac });
    const streamsOf = async (personId: string) => (await index.streamsOf(tenant, personId)).streams;

    it('finds nobody in the beginning', async () => {
      expect(await found('i1')).toEqual([]);
      expect(await index.person(tenant, 'p1')).toBeUndefined();
      expect(await index.streamsOf(tenant, 'p1')).toEqual({ streams: [] });
    });

    it('finds a person by the identifier, and the streams of the person', async () => {
      const streams = [newStream(), newStream()].sort();
      for (const stream of streams)
        expect(await link('p1', stream, { identifier: 'i1' })).toEqual({
          outcome: 'linked',
          personId: 'p1',
        });
      expect(await found('i1')).toEqual([{ personId: 'p1', birthMac: 'b1' }]);
      expect(await index.person(tenant, 'p1')).toEqual({ personId: 'p1' });
      expect(await streamsOf('p1')).toEqual(streams);
    });

    it('tells persons with one identifier and two birth dates apart', async () => {
      await link('p1', newStream(), { identifier: 'i1', birth: 'b1' });
      await link('p2', newStream(), { identifier: 'i1', birth: 'b2' });
      expect(await found('i1')).toEqual([
        { personId: 'p1', birthMac: 'b1' },
        { personId: 'p2', birthMac: 'b2' },
      ]);
    });

    it('links a stream of a person without an identifier', async () => {
      const stream = newStream();
      await link('p1', stream);
      expect(await index.person(tenant, 'p1')).toEqual({ personId: 'p1' });
      expect(await streamsOf('p1')).toEqual([stream]);
    });

    it('keeps tenants apart', async () => {
      const stream = newStream();
      await link('p1', stream, { identifier: 'i1' });
      const other = `t-${randomUUID()}`;
      expect(await index.withIdentifier({ tenant: other, identifierMac: 'i1' })).toEqual([]);
      expect(await index.person(other, 'p1')).toBeUndefined();
      expect(await index.streamsOf(other, 'p1')).toEqual({ streams: [] });
      await expect(index.link({ tenant: other, personId: 'p1', stream, version: 2 })).rejects.toThrow(
        RangeError,
      );
    });

    it('is not changed by a repeated link, nor by an older version that comes late', async () => {
      const stream = newStream();
      await link('p2', stream, { version: 5, identifier: 'i2' });
      expect(await link('p2', stream, { version: 5, identifier: 'i2' })).toEqual({
        outcome: 'linked',
        personId: 'p2',
      });
      expect(await link('p1', stream, { version: 3, identifier: 'i1' })).toEqual({
        outcome: 'linked',
        personId: 'p2',
      });
      expect(await streamsOf('p2')).toEqual([stream]);
      expect(await streamsOf('p1')).toEqual([]);
      expect(await found('i1')).toEqual([]);
    });

    it('moves a stream whose identifier is corrected, and drops the entry that no stream has any more', async () => {
      const [corrected, other] = [newStream(), newStream()];
      await link('p1', corrected, { version: 2, identifier: 'i1' });
      await link('p1', other, { version: 2, identifier: 'i1' });
      await link('p2', corrected, { version: 3, identifier: 'i2' });
      expect(await streamsOf('p1')).toEqual([other]);
      expect(await streamsOf('p2')).toEqual([corrected]);
      expect(await found('i1')).toEqual([{ personId: 'p1', birthMac: 'b1' }]);
      await link('p1', other, { version: 3 });
      expect(await found('i1')).toEqual([]);
      expect(await streamsOf('p1')).toEqual([other]);
    });

    it('changes the entry of a person who stays the same', async () => {
      const stream = newStream();
      await link('p1', stream, { version: 2, identifier: 'i1' });
      await link('p1', stream, { version: 3, identifier: 'i2' });
      expect(await found('i1')).toEqual([]);
      expect(await found('i2')).toEqual([{ personId: 'p1', birthMac: 'b1' }]);
    });

    it('makes one person of two ids that were given at the same time', async () => {
      const streams = [newStream(), newStream()].sort();
      const answers = await Promise.all(
        streams.map((stream, position) => link(`p${position}`, stream, { identifier: 'i1' })),
      );
      const [entry] = await found('i1');
      const winner = entry?.personId ?? '';
      const loser = winner === 'p0' ? 'p1' : 'p0';
      expect(answers).toEqual(streams.map(() => ({ outcome: 'linked', personId: winner })));
      expect(await index.person(tenant, loser)).toEqual({ personId: loser, sameAs: winner });
      expect(await index.person(tenant, winner)).toEqual({ personId: winner });
      expect(await streamsOf(winner)).toEqual(streams);
      expect(await streamsOf(loser)).toEqual([]);
      // A stream that names the other id, and has no identifier.
      expect(await link(loser, newStream())).toEqual({ outcome: 'linked', personId: winner });
    });

    it('makes nobody the same who has other streams', async () => {
      const [mine, wrong] = [newStream(), newStream()];
      await link('p2', newStream(), { identifier: 'i2' });
      await link('p1', mine, { identifier: 'i1' });
      await link('p1', wrong, { identifier: 'i1' });
      expect(await link('p1', wrong, { version: 2, identifier: 'i2' })).toMatchObject({ personId: 'p2' });
      expect(await index.person(tenant, 'p1')).toEqual({ personId: 'p1' });
      expect(await streamsOf('p1')).toEqual([mine]);
    });

    it('makes a person of their own of one who was the same, and gets an entry', async () => {
      const stream = newStream();
      await link('p2', newStream(), { identifier: 'i2' });
      await link('p1', newStream(), { identifier: 'i2' });
      expect(await index.person(tenant, 'p1')).toMatchObject({ sameAs: 'p2' });
      expect(await link('p1', stream, { identifier: 'i1' })).toMatchObject({ personId: 'p1' });
      expect(await index.person(tenant, 'p1')).toEqual({ personId: 'p1' });
      expect(await streamsOf('p1')).toEqual([stream]);
    });

    it('links all streams of a person that are written at the same time', async () => {
      const streams = Array.from({ length: 6 }, newStream).sort();
      await Promise.all([...streams, ...streams].map((stream) => link('p1', stream, { identifier: 'i1' })));
      expect(await streamsOf('p1')).toEqual(streams);
      for (const stream of streams) await index.unlink(stream);
      // The count of its streams was right.
      expect(await found('i1')).toEqual([]);
    });

    it('links nothing to a person who is erased', async () => {
      const [before, late] = [newStream(), newStream()];
      await link('p1', before, { identifier: 'i1' });
      await index.begin(tenant, 'p1', at);
      await index.begin(tenant, 'p1', '2027-01-01T00:00:00.000Z');
      expect(await index.person(tenant, 'p1')).toEqual({ personId: 'p1', erasedAt: at, erasedStreams: 0 });
      expect(await found('i1')).toEqual([]);
      expect(await link('p1', late, { identifier: 'i1' })).toEqual({ outcome: 'erased', personId: 'p1' });
      expect(await link('p1', late)).toEqual({ outcome: 'erased', personId: 'p1' });
      // Also if the stream names somebody else by now.
      expect(await link('p2', before, { version: 2, identifier: 'i2' })).toEqual({
        outcome: 'erased',
        personId: 'p1',
      });
      expect(await streamsOf('p1')).toEqual([before]);
    });

    it('erases a person of whom it knows nothing', async () => {
      await index.begin(tenant, 'p1', at);
      expect(await link('p1', newStream(), { identifier: 'i1' })).toMatchObject({ outcome: 'erased' });
      expect(await index.person(tenant, 'p1')).toEqual({ personId: 'p1', erasedAt: at, erasedStreams: 0 });
    });

    it('gives the entry of an erased person to the next one', async () => {
      const [old, stream] = [newStream(), newStream()];
      await link('p1', old, { identifier: 'i1' });
      await index.begin(tenant, 'p1', at);
      expect(await link('p2', stream, { identifier: 'i1' })).toEqual({ outcome: 'linked', personId: 'p2' });
      await index.unlink(old);
      await index.removeEntries(tenant, 'p1');
      await index.removeEntries(tenant, 'p1');
      expect(await found('i1')).toEqual([{ personId: 'p2', birthMac: 'b1' }]);
      expect(await streamsOf('p1')).toEqual([]);
      expect(await streamsOf('p2')).toEqual([stream]);
    });

    it('removes entries before streams too', async () => {
      const stream = newStream();
      await link('p1', stream, { identifier: 'i1' });
      await index.begin(tenant, 'p1', at);
      await index.removeEntries(tenant, 'p1');
      expect(await found('i1')).toEqual([]);
      expect(await streamsOf('p1')).toEqual([stream]);
      await index.unlink(stream);
      expect(await streamsOf('p1')).toEqual([]);
    });

    it('never links a stream again that was unlinked, also one that it did not know', async () => {
      const [known, unknown] = [newStream(), newStream()];
      await link('p1', known, { identifier: 'i1' });
      for (const stream of [known, unknown, known]) await index.unlink(stream);
      for (const stream of [known, unknown])
        expect(await link('p1', stream, { version: 9, identifier: 'i1' })).toMatchObject({
          outcome: 'gone',
        });
      expect(await streamsOf('p1')).toEqual([]);
      expect(await found('i1')).toEqual([]);
    });

    it('says who a stream is linked to', async () => {
      const stream = newStream();
      expect(await index.linkOf(stream)).toBeUndefined();
      await link('p1', stream, { identifier: 'i1' });
      expect(await index.linkOf(stream)).toEqual({ personId: 'p1' });
      await index.unlink(stream);
      expect(await index.linkOf(stream)).toBe('unlinked');
    });

    it('counts the streams that are unlinked after the erasure has begun, each once', async () => {
      const streams = [newStream(), newStream(), newStream()] as const;
      for (const stream of streams) await link('p1', stream);
      await index.unlink(streams[0]);
      await index.begin(tenant, 'p1', at);
      for (const stream of [streams[1], streams[2], streams[1]]) await index.unlink(stream);
      expect(await index.person(tenant, 'p1')).toMatchObject({ erasedStreams: 2 });
    });

    it('links either before a person is erased or not at all', async () => {
      for (let count = 0; count < 5; count += 1) {
        const [personId, stream] = [randomUUID(), newStream()];
        const [{ outcome }] = await Promise.all([
          link(personId, stream, { identifier: personId }),
          index.begin(tenant, personId, at),
        ]);
        expect(await streamsOf(personId)).toEqual(outcome === 'linked' ? [stream] : []);
      }
    });

    it('pages through the streams of a person', async () => {
      const streams = Array.from({ length: 103 }, newStream).sort();
      for (const stream of streams) await link('p1', stream);
      const first = await index.streamsOf(tenant, 'p1');
      expect(first).toEqual({ streams: streams.slice(0, 100), next: streams[99] });
      expect(await index.streamsOf(tenant, 'p1', first.next)).toEqual({ streams: streams.slice(100) });
    });
  });
}
