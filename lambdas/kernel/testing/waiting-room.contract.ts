import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { WaitingCommit, WaitingRoom } from '../waiting.ts';

/** The contract of every waiting room. */
export function describeWaitingRoomContract(name: string, makeRoom: () => Promise<WaitingRoom>): void {
  describe(`waiting room contract: ${name}`, () => {
    let room: WaitingRoom;
    beforeAll(async () => {
      room = await makeRoom();
    });

    const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
    const commit = (destination: string, version: number, second: number): WaitingCommit => ({
      destination,
      stream: 'counter/a',
      version,
      committedAt: at(second),
      waitingSince: at(59),
    });

    it('keeps commits until they are removed, oldest first, for each destination', async () => {
      const [one, other] = [randomUUID(), randomUUID()];
      await room.add([commit(one, 2, 20), commit(one, 10, 30), commit(one, 1, 10), commit(other, 1, 10)]);
      const rows = await room.oldest(one, 10);
      expect(rows).toEqual([
        { ...commit(one, 1, 10), key: expect.any(String) },
        { ...commit(one, 2, 20), key: expect.any(String) },
        { ...commit(one, 10, 30), key: expect.any(String) },
      ]);
      expect(await room.oldest(one, 2)).toEqual(rows.slice(0, 2));
      expect(await room.oldest(one, 1, rows[0]?.key)).toEqual(rows.slice(1, 2));
      expect(await room.oldest(one, 9, rows[2]?.key)).toEqual([]);
      await room.remove(rows.slice(0, 2));
      await room.remove(rows.slice(0, 2));
      expect(await room.oldest(one, 10)).toEqual(rows.slice(2));
      expect(await room.oldest(other, 10)).toHaveLength(1);
      expect(await room.oldest(randomUUID(), 10)).toEqual([]);
    });

    it('keeps one row for a commit that is added twice', async () => {
      const destination = randomUUID();
      const twice = commit(destination, 1, 10);
      await room.add([twice, { ...twice, waitingSince: at(58) }]);
      await room.add([twice]);
      expect(await room.oldest(destination, 10)).toMatchObject([{ waitingSince: at(59) }]);
      const [row] = await room.oldest(destination, 10);
      await room.remove(row ? [row, row] : []);
      expect(await room.oldest(destination, 10)).toEqual([]);
    });

    it('keeps a commit whose time is damaged', async () => {
      const destination = randomUUID();
      const committedAt = 'x'.repeat(2_000);
      await room.add([commit(destination, 1, 10), { ...commit(destination, 2, 20), committedAt }]);
      const rows = await room.oldest(destination, 10);
      expect(rows.map(({ version }) => version)).toEqual([2, 1]);
      await room.remove(rows);
      expect(await room.oldest(destination, 10)).toEqual([]);
    });

    it('takes any number of commits', async () => {
      const destination = randomUUID();
      await room.add(Array.from({ length: 60 }, (_, index) => commit(destination, index + 1, 10)));
      const rows = await room.oldest(destination, 100);
      expect(rows).toHaveLength(60);
      await room.remove(rows);
      expect(await room.oldest(destination, 100)).toEqual([]);
      await room.add([]);
      await room.remove([]);
    });
  });
}
