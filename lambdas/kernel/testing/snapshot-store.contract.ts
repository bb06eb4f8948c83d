import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Snapshot, SnapshotStore } from '../snapshot-store.ts';
import { newStream } from './commits.fixture.ts';

/** The contract of every snapshot store. */
export function describeSnapshotStoreContract(name: string, makeStore: () => Promise<SnapshotStore>): void {
  describe(`snapshot store contract: ${name}`, () => {
    let store: SnapshotStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    const snapshotOf = (more: Partial<Snapshot> = {}): Snapshot => ({
      stream: newStream(),
      version: 100,
      stateVersion: 1,
      state: { status: 'open', balance: 1_550, name: 'Łódź' },
      committedAt: '2026-01-02T03:04:05.678Z',
      hash: 'h'.repeat(43),
      commands: Buffer.from([0, 1, 2, 255]),
      ...more,
    });
    const load = async (snapshot: Snapshot) => {
      const loaded = await store.load(snapshot.stream);
      return loaded && { ...loaded, commands: Buffer.from(loaded.commands) };
    };

    it('returns a stored snapshot, or undefined if there is none', async () => {
      const snapshot = snapshotOf();
      expect(await load(snapshot)).toBeUndefined();
      await store.save(snapshot);
      expect(await load(snapshot)).toStrictEqual(snapshot);
    });

    it('keeps a snapshot without any recent command', async () => {
      const snapshot = snapshotOf({ commands: Buffer.alloc(0) });
      await store.save(snapshot);
      expect(await load(snapshot)).toStrictEqual(snapshot);
    });

    it('keeps a snapshot of an earlier release, which has no hash', async () => {
      const { hash: _hash, ...snapshot } = snapshotOf();
      await store.save(snapshot);
      expect(await load(snapshot)).toStrictEqual(snapshot);
    });

    it('replaces an older snapshot and keeps a newer one', async () => {
      const old = snapshotOf();
      const newer = { ...old, version: 200, state: { balance: 2 } };
      await store.save(old);
      await store.save(newer);
      await store.save(old);
      expect(await load(old)).toStrictEqual(newer);
    });

    it('replaces a snapshot with another state version, even by one with a lower version', async () => {
      const old = snapshotOf({ version: 500 });
      const rebuilt = { ...old, version: 499, stateVersion: 2 };
      await store.save(old);
      await store.save(rebuilt);
      expect(await load(old)).toStrictEqual(rebuilt);
    });

    it('replaces any snapshot if that is asked for', async () => {
      const damaged = snapshotOf({ version: 500 });
      const good = { ...damaged, version: 499, state: { balance: 1 } };
      await store.save(damaged);
      await store.save(good, { replace: true });
      expect(await load(damaged)).toStrictEqual(good);
    });
  });
}
