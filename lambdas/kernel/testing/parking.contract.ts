import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ParkingLot, parkedRecordMaxChars } from '../parking.ts';

/** The contract of every parking lot. */
export function describeParkingLotContract(name: string, makeLot: () => Promise<ParkingLot>): void {
  describe(`parking lot contract: ${name}`, () => {
    let lot: ParkingLot;
    beforeAll(async () => {
      lot = await makeLot();
    });

    it('keeps what was parked until it is released', async () => {
      const consumer = randomUUID();
      await lot.park({ consumer, subject: 'counter/b', reason: 'odd', version: 3, record: '{}' });
      await lot.park({ consumer, subject: 'counter/a', reason: 'odd' });
      await lot.park({ consumer, subject: 'counter/b', reason: 'odder', version: 4 });
      const parked = await lot.list(consumer, { limit: 10 });
      expect(parked.map(({ subject, reason, version }) => [subject, reason, version])).toEqual([
        ['counter/a', 'odd', undefined],
        ['counter/b', 'odder', 4],
      ]);
      expect(await lot.list(consumer, { limit: 1 })).toHaveLength(1);
      expect(await lot.list(consumer, { limit: 5, after: 'counter/a' })).toHaveLength(1);
      await lot.release(consumer, 'counter/b');
      await lot.release(consumer, 'counter/none');
      expect(await lot.list(consumer, { limit: 10 })).toHaveLength(1);
      expect(await lot.list(randomUUID(), { limit: 10 })).toEqual([]);
    });

    it('keeps a stream that was parked again with a later version', async () => {
      const consumer = randomUUID();
      const park = (version?: number) => lot.park({ consumer, subject: 'counter/a', reason: 'odd', version });
      const isParked = async () => (await lot.list(consumer, { limit: 1 })).length === 1;
      await park(5);
      await lot.release(consumer, 'counter/a', 4);
      expect(await isParked()).toBe(true);
      await lot.release(consumer, 'counter/a', 5);
      expect(await isParked()).toBe(false);
      await park();
      await lot.release(consumer, 'counter/a', 1);
      await lot.release(consumer, 'counter/none', 1);
      expect(await isParked()).toBe(false);
    });

    it('lists up to the limit, also if the records are large', async () => {
      const consumer = randomUUID();
      const record = 'x'.repeat(parkedRecordMaxChars);
      // 1.5 MB: more than one page of DynamoDB.
      const subjects = Array.from({ length: 15 }, (_, index) => `record ${index + 10}`);
      for (const subject of subjects) await lot.park({ consumer, subject, reason: 'odd', record });
      const listed = await lot.list(consumer, { limit: 14 });
      expect(listed.map(({ subject }) => subject)).toEqual(subjects.slice(0, 14));
      expect(await lot.list(consumer, { limit: 100 })).toHaveLength(15);
    });
  });
}
