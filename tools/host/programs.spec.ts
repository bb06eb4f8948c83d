import { expect, it } from '@jest/globals';
import { endPrograms, runProgram } from './programs.ts';

const node = (code: string, options = {}) => runProgram(process.execPath, ['-e', code], options);

it('a program runs, or fails with what it printed; it is ended with all others, and then no other starts', async () => {
  expect(await node("console.log('out'); console.error('err')")).toEqual({
    stdout: 'out\n',
    stderr: 'err\n',
  });
  await expect(node("console.error('why'); process.exit(3)")).rejects.toMatchObject({
    code: 3,
    stderr: 'why\n',
  });
  await expect(runProgram('/no/such/program', [])).rejects.toMatchObject({ code: 'ENOENT' });
  const endless = [1, 2].map(() => node('setInterval(() => {}, 1000)'));
  const ended = Promise.allSettled(endless);
  endPrograms();
  expect(await ended).toEqual([
    expect.objectContaining({ reason: expect.objectContaining({ signal: 'SIGTERM' }) }),
    expect.objectContaining({ reason: expect.objectContaining({ signal: 'SIGTERM' }) }),
  ]);
  await expect(node('0')).rejects.toThrow('Stopped.');
});
