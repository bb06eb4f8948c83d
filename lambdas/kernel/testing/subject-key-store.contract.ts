import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredKey, SubjectKeyDestroyer, SubjectKeyStore } from '../subject-keys.ts';

/** Limits the pages that a spec reads. */
const pagesMax = 1_000;

/** The contract of every table of keys. */
export function describeSubjectKeyStoreContract(
  name: string,
  makeStore: () => Promise<SubjectKeyStore & SubjectKeyDestroyer>,
): void {
  describe(`subject key store contract: ${name}`, () => {
    let store: SubjectKeyStore & SubjectKeyDestroyer;
    beforeAll(async () => {
      store = await makeStore();
    });

    const newName = () => `acme/dispense/${randomUUID()}`;
    const newKey = (createdAt = '2026-01-02T03:04:05.678Z'): StoredKey => ({
      id: randomUUID(),
      wrapped: Buffer.from([0, 1, 2, 255]),
      createdAt,
    });
    /** The bytes as a buffer: adapters answer any kind of `Uint8Array`. */
    const plain = (key: StoredKey | undefined) => key && { ...key, wrapped: Buffer.from(key.wrapped) };

    it('stores a key, and answers undefined for a name without one', async () => {
      const [subject, key] = [newName(), newKey()];
      expect(await store.find(subject)).toBeUndefined();
      expect(plain(await store.create(subject, key))).toEqual(key);
      expect(plain(await store.find(subject))).toEqual(key);
    });

    it('never replaces a key: each of many writers gets the one that is stored', async () => {
      const subject = newName();
      const stored = await Promise.all(Array.from({ length: 8 }, () => store.create(subject, newKey())));
      const found = await store.find(subject);
      expect(stored.map(plain)).toEqual(stored.map(() => plain(found)));
    });

    it('finds those that exist of 1,000 names, of which some are given twice', async () => {
      const present = Array.from({ length: 150 }, newName);
      const keys = new Map(present.map((subject) => [subject, newKey()]));
      await Promise.all([...keys].map(([subject, key]) => store.create(subject, key)));
      const absent = Array.from({ length: 700 }, newName);
      const found = await store.findAll([...absent, ...present, ...present]);
      expect(new Map([...found].map(([subject, key]) => [subject, plain(key)]))).toEqual(keys);
      expect((await store.findAll([])).size).toBe(0);
    });

    it('destroys a key, also twice, and no other', async () => {
      const [subject, other] = [newName(), newName()];
      const key = newKey();
      await store.create(subject, newKey());
      await store.create(other, key);
      await store.destroy(subject);
      await store.destroy(subject);
      expect(await store.find(subject)).toBeUndefined();
      expect(await store.findAll([subject, other])).toEqual(new Map([[other, await store.find(other)]]));
      expect(plain(await store.find(other))).toEqual(key);
    });

    it('lists the keys that were created before an instant, page by page', async () => {
      const [old, exact, young] = [
        Array.from({ length: 150 }, newName),
        Array.from({ length: 5 }, newName),
        Array.from({ length: 150 }, newName),
      ];
      const instant = '2020-01-02T00:00:00.000Z';
      const create = (names: readonly string[], createdAt: string) =>
        Promise.all(names.map((one) => store.create(one, newKey(createdAt))));
      await create(old, '2020-01-01T23:59:59.999Z');
      await create(exact, instant);
      await create(young, '2026-01-01T00:00:00.000Z');
      const listed: string[] = [];
      let after: string | undefined;
      let pages = 0;
      do {
        const { names, next } = await store.createdBefore(instant, after);
        listed.push(...names);
        after = next;
        pages += 1;
      } while (after !== undefined && pages < pagesMax);
      expect(after).toBeUndefined();
      expect(listed.sort()).toEqual(old.sort());
    });
  });
}
