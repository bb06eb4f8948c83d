import { expect, it, jest } from '@jest/globals';
import { once } from './once.ts';

it('creates its result once, also for calls at the same time', async () => {
  const make = jest.fn(async () => ({}));
  const get = once(make);
  const [first, second] = await Promise.all([get(), get()]);
  expect(second).toBe(first);
  expect(await get()).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
});

it('tries again after a failure', async () => {
  const make = jest
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('down'))
    .mockResolvedValue('up');
  const get = once(make);
  await expect(get()).rejects.toThrow('down');
  expect(await get()).toBe('up');
});
