import { expect, it } from '@jest/globals';
import { ForeignCiphertextError } from '../ciphertext.ts';
import { dataKeyBytes } from '../privacy/index.ts';
import { MemoryKeyWrapper } from './memory-key-wrapper.ts';

const name = 'dispense/one';

it('a wrapped key is unwrapped for its name and id only', async () => {
  const wrapper = new MemoryKeyWrapper();
  const { plain, wrapped } = await wrapper.generate(name, 'id-1');
  expect(plain).toHaveLength(dataKeyBytes);
  expect(Buffer.from(wrapped).includes(Buffer.from(plain))).toBe(false);
  expect(await wrapper.unwrap(name, 'id-1', wrapped)).toEqual(plain);
  const changed = Buffer.concat([wrapped.subarray(0, -1), Buffer.from([0])]);
  const foreign = [
    () => wrapper.unwrap('dispense/two', 'id-1', wrapped),
    () => wrapper.unwrap(name, 'id-2', wrapped),
    () => wrapper.unwrap(name, 'id-1', changed),
    () => wrapper.unwrap(name, 'id-1', Buffer.alloc(0)),
    () => new MemoryKeyWrapper(Buffer.alloc(dataKeyBytes, 1)).unwrap(name, 'id-1', wrapped),
  ];
  for (const unwrap of foreign) await expect(unwrap()).rejects.toThrow(ForeignCiphertextError);
});

it('each name and id has a data key of its own', async () => {
  const wrapper = new MemoryKeyWrapper();
  const keys = await Promise.all([
    wrapper.generate(name, 'id-1'),
    wrapper.generate(name, 'id-2'),
    wrapper.generate('dispense/two', 'id-1'),
  ]);
  expect(new Set(keys.map(({ plain }) => Buffer.from(plain).toString('hex'))).size).toBe(3);
});
