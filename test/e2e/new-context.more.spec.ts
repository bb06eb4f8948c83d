import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../tools/host/engines/free-port.ts';
import { httpClient } from '../support/http-client.ts';
import { startNode } from '../support/node-process.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
/** Folders that tools create themselves, and the packages, which the copy links. */
const notCopied = ['node_modules', '.git', '.cache', 'dist', 'cdk.out', 'coverage'];
const stepDeadlineMs = 180_000;

describe('a context that the generator wrote', () => {
  const copy = mkdtempSync(join(tmpdir(), 'streamfold-new-context-'));
  /** Runs a program of the copy with the Node of this process. */
  const node = (...args: readonly string[]) =>
    run(process.execPath, args, { cwd: copy, timeout: boundMs(stepDeadlineMs), maxBuffer: 16 * 1024 * 1024 });

  beforeAll(() => {
    cpSync(root, copy, {
      recursive: true,
      filter: (path) => !notCopied.includes(relative(root, path).split(sep)[0] ?? ''),
    });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('is written without a remaining placeholder', async () => {
    const { stdout } = await node('tools/new-context/main.ts', 'gift-card');
    expect(stdout).toContain('The context "gift-card" is ready.');
    const written = globSync('{lambdas/contexts,bruno}/gift-card/**/*.*', { cwd: copy });
    expect(written.length).toBeGreaterThan(15);
    for (const path of written) expect(readFileSync(join(copy, path), 'utf8')).not.toMatch(/__\w+__(?! )/);
  });

  it('is not written twice', async () => {
    await expect(node('tools/new-context/main.ts', 'gift-card')).rejects.toMatchObject({
      code: 1,
      stderr: 'schema/contexts.ts has an entry "gift-card" already. Choose another name.\n',
    });
  });

  it(
    'passes lint and the type check',
    async () => {
      await node('node_modules/@biomejs/biome/bin/biome', 'check', 'lambdas/contexts/gift-card', 'schema');
      await node('node_modules/typescript/bin/tsc', '--noEmit');
    },
    stepDeadlineMs,
  );

  it(
    'passes its own specs and those of the architecture',
    async () => {
      const jest = [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ];
      const { stderr } = await node(...jest, 'contexts/gift-card', 'test/architecture');
      expect(stderr).toMatch(/Tests: +\d+ passed, \d+ total/);
    },
    stepDeadlineMs,
  );

  it(
    'answers a command and a query on the host',
    async () => {
      const [http, aws] = [await freePort(), await freePort()];
      const host = startNode(['tools/host/main.ts', '--http', String(http), '--aws', String(aws)], copy);
      try {
        const call = httpClient(() => `http://localhost:${http}`);
        const isReady = () =>
          call('GET', '/health').then(
            ({ status }) => status === 200,
            () => false,
          );
        await until(isReady, (ready) => ready, stepDeadlineMs);
        const { status, body } = await call('POST', '/gift-cards', { title: 'First' });
        expect({ status, body }).toMatchObject({ status: 201, body: { version: 1, status: 'open' } });
        const row = await until(
          () => call('GET', `/gift-cards/${body['id']}`),
          (answer) => answer.status === 200,
        );
        expect(row.body).toMatchObject({ id: body['id'], title: 'First', status: 'open' });
        expect((await call('GET', '/gift-cards')).body).toEqual({ items: [row.body] });
      } finally {
        await host.end('SIGTERM');
      }
    },
    stepDeadlineMs,
  );
});
