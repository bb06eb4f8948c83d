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
  });
}
