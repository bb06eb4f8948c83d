import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, it } from '@jest/globals';
import type { ReadLine } from '../http/reads.ts';
import { recordReadTo } from './record-read.ts';

it('writes each line as JSON on a line of its own', () => {
  let written = '';
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  const record = recordReadTo(output);
  for (const subject of ['w', 'with "quotes"\u2028']) record({ audit: 'read', subject } as ReadLine);
  expect(
    written
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).subject),
  ).toEqual(['w', 'with "quotes"\u2028']);
});

it('ends the process if nobody takes the line', async () => {
  const file = JSON.stringify(join(import.meta.dirname, 'record-read.ts'));
  const script = `import { recordReadTo } from ${file};
    process.stdin.once('data', () => recordReadTo(process.stdout)({ audit: 'read' }));
    setTimeout(() => process.exit(0), 20_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stdin.write('go');
  const [code] = await once(child, 'close');
  expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining('EPIPE') });
}, 30_000);
