import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type BatchProgressBoard, behindMs, type ShardProgress } from '../progress.ts';

const committedAt = (second: number) => `2026-01-02T03:04:0${second}.678Z`;
const at = (sequenceNumber: string, second = 5, shardId = 'shardId-0'): ShardProgress => ({
  shardId,
  sequenceNumber,
  committedAt: committedAt(second),
});
/** As AWS and kinesalite number records: 56 digits. DynamoDB's own numbers have 38. */
const long = (end: string) => `49573${'0'.repeat(51 - end.length)}${end}`;

/** The contract of every progress board. */
export function describeProgressContract(name: string, makeBoard: () => Promise<BatchProgressBoard>): void {
  describe(`progress contract: ${name}`, () => {
    let board: BatchProgressBoard;
    beforeAll(async () => {
      board = await makeBoard();
    });

    it('keeps the progress of each shard separately', async () => {
      const consumer = randomUUID();
      expect(await board.read(consumer)).toEqual([]);
      await board.note(consumer, []);
      await board.note(consumer, [at('10'), at('20', 5, 'shardId-1')]);
      await board.note(consumer, [at('30')]);
      const progress = await board.read(consumer);
      expect(progress.sort((a, b) => a.shardId.localeCompare(b.shardId))).toEqual([
        at('30'),
        at('20', 5, 'shardId-1'),
      ]);
      expect(await board.read(randomUUID())).toEqual([]);
    });

    it.each([
      ['the example', '200', '100'],
      ['a number with more digits', '1000', '999'],
      ['numbers of AWS', long('9'), long('10').replace('49573', '49572')],
      ['numbers of AWS that differ in the last digit', long('2'), long('1')],
      ['a number of AWS and a short one', long('1'), '99'],
      ['the largest number that Kinesis allows', '9'.repeat(129), '9'.repeat(128)],
      ['the number 0', '1', '0'],
    ])('moves only forward, in whatever order it is noted: %s', async (_name, newer, older) => {
      for (const order of [
        [newer, older],
        [older, newer],
      ]) {
        const consumer = randomUUID();
        for (const sequence of order) await board.note(consumer, [at(sequence)]);
        expect(await board.read(consumer)).toEqual([at(newer)]);
      }
    });

    it('moves the shards forward that can, if others cannot', async () => {
      const consumer = randomUUID();
      await board.note(consumer, [at('200')]);
      await board.note(consumer, [at('100'), at('7', 5, 'shardId-1')]);
      const progress = await board.read(consumer);
      expect(progress.map(({ shardId, sequenceNumber }) => [shardId, sequenceNumber]).sort()).toEqual([
        ['shardId-0', '200'],
        ['shardId-1', '7'],
      ]);
    });

    it('ends with the newest of many notes at the same time', async () => {
      const consumer = randomUUID();
      const numbers = Array.from({ length: 20 }, (_, index) => String((index * 7) % 20));
      await Promise.all(numbers.map((sequence) => board.note(consumer, [at(sequence)])));
      expect(await board.read(consumer)).toEqual([at('19')]);
    });

    it('keeps a record unfinished until a batch with it is handled, although later batches are', async () => {
      const consumer = randomUUID();
      const shardId = 'shardId-0';
      await board.noteBatch(consumer, {
        shardId,
        reached: at('90', 1),
        handled: new Set(['90']),
        unfinished: at('100', 2),
      });
      await board.noteBatch(consumer, { shardId, reached: at('200', 8), handled: new Set(['150', '200']) });
      const [noted] = await board.read(consumer);
      expect(noted).toEqual({
        ...at('200', 8),
        unfinished: [{ sequenceNumber: '100', committedAt: committedAt(2) }],
      });
      expect(behindMs([at('200', 8)], await board.read(consumer))).toBe(6_000);

      await board.noteBatch(consumer, { shardId, reached: at('110', 3), handled: new Set(['100', '110']) });
      expect(await board.read(consumer)).toEqual([at('200', 8)]);
      expect(behindMs([at('200', 8)], await board.read(consumer))).toBe(0);
    });

    describe('of batches that note their begin', () => {
      const shardId = 'shardId-0';
      const noteEnd = async (consumer: string, first: ShardProgress, last: ShardProgress) => {
        const noted = (await board.read(consumer)).find((one) => one.shardId === shardId);
        const handled = new Set([first.sequenceNumber, last.sequenceNumber]);
        await board.noteBatch(consumer, { shardId, reached: last, handled, begun: { first, noted } });
      };

      it('keeps the first record unfinished until the batch ends, whichever ends first', async () => {
        for (const isEarlierFirst of [true, false]) {
          const consumer = randomUUID();
          expect(await board.noteBegin(consumer, at('100', 2))).toBeUndefined();
          await board.note(consumer, [at('90', 1)]);
          expect(await board.noteBegin(consumer, at('150', 4))).toMatchObject({ sequenceNumber: '90' });
          const ends = [
            () => noteEnd(consumer, at('100', 2), at('110', 3)),
            () => noteEnd(consumer, at('150', 4), at('200', 8)),
          ];
          const [one, other] = isEarlierFirst ? ends : ends.reverse();
          await one?.();
          expect(await board.read(consumer)).toEqual([
            {
              ...(isEarlierFirst ? at('110', 3) : at('200', 8)),
              unfinished: [
                isEarlierFirst
                  ? { sequenceNumber: '150', committedAt: committedAt(4) }
                  : { sequenceNumber: '100', committedAt: committedAt(2) },
              ],
            },
          ]);
          await other?.();
          expect(await board.read(consumer)).toEqual([at('200', 8)]);
        }
      });

      it('removes the note of the begin although another batch moved the progress meanwhile', async () => {
        const consumer = randomUUID();
        await board.note(consumer, [at('50', 1)]);
        const noted = await board.noteBegin(consumer, at('100', 2));
        expect(noted).toEqual({
          ...at('50', 1),
          unfinished: [{ sequenceNumber: '100', committedAt: committedAt(2) }],
        });
        await board.note(consumer, [at('200', 8)]);
        const [first, last] = [at('100', 2), at('110', 3)];
        await board.noteBatch(consumer, {
          shardId,
          reached: last,
          handled: new Set(['100', '110']),
          unfinished: at('120', 4),
          begun: { first, noted },
        });
        expect(await board.read(consumer)).toEqual([
          { ...at('200', 8), unfinished: [{ sequenceNumber: '120', committedAt: committedAt(4) }] },
        ]);
      });

      it('keeps the note of the begin if the first record was not handled, and those of other shards', async () => {
        const consumer = randomUUID();
        await board.note(consumer, [at('50', 1), at('50', 1, 'shardId-1')]);
        const [first, other] = [at('100', 2), at('100', 2, 'shardId-1')];
        await board.noteBegin(consumer, other);
        const noted = await board.noteBegin(consumer, first);
        const unfinished = [{ sequenceNumber: '100', committedAt: committedAt(2) }];
        const begun = { first, noted };
        await board.noteBatch(consumer, { shardId, handled: new Set(), unfinished: first, begun });
        await board.noteBatch(consumer, { shardId, handled: new Set(['150']), reached: at('150', 3), begun });
        const read = await board.read(consumer);
        expect(read.toSorted((a, b) => a.shardId.localeCompare(b.shardId))).toEqual([
          { ...at('150', 3), unfinished },
          { ...at('50', 1, 'shardId-1'), unfinished },
        ]);
      });

      it('removes what earlier deliveries noted about handled records', async () => {
        const consumer = randomUUID();
        await board.note(consumer, [at('200', 8)]);
        await board.noteBegin(consumer, at('120', 4));
        const first = at('100', 2);
        const noted = await board.noteBegin(consumer, first);
        const handled = new Set(['100', '120']);
        await board.noteBatch(consumer, { shardId, reached: at('120', 4), handled, begun: { first, noted } });
        expect(await board.read(consumer)).toEqual([at('200', 8)]);
      });
    });
  });
}
