import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Plan } from '../plan.ts';
import { runCommandLine } from './command-line.ts';
import { currentCommit } from './commit.ts';

const module = new URL('./fake-simulation.fixture.ts', import.meta.url).href;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function simulate(line: string, signal = new AbortController().signal) {
  const lines: string[] = [];
  const print = (text: string) => lines.push(text);
  const code = await runCommandLine(line.split(' '), { module, print, signal, folder });
  return { code, lines, text: lines.join('\n') };
}

describe('npm run simulate', () => {
  it('exits with 0 and says what it covered if every history is right', async () => {
    const { code, text } = await simulate('--seeds 20');
    expect(code).toBe(0);
    expect(text).toMatch(/^20 histories from seed 1 of commit \w+: all are right\.$/m);
    expect(text).toMatch(/histories per second/);
    expect(text).toMatch(/^ {2}throttled +20 +40$/m);
    expect(text).toMatch(/^ {2}slow +0 +0$/m);
    expect(text).toMatch(/^ {2}command ledger\/debit +20 +\d,\d+$/m);
  });

  it('exits with 1 at a difference, and tells a shrunk history', async () => {
    const { code, text } = await simulate('--seeds 100');
    expect(code).toBe(1);
    expect(text).toContain(`Seed 35 of commit ${currentCommit() ?? 'unknown'} is wrong.`);
    expect(text).toContain('Wrong: reads are right.\n    at the end: Bob expected 5.00, and found 4.00.');
    expect(text).toMatch(/from \d+ acts and 3 faults to 1 act and 1 fault/);
    expect(text).toContain('25.500s  bob reads ledger/acc-3, with all that is committed');
    expect(text).toContain(
      '0.000s  fault: requests never arrive (10 % of the calls of dynamodb), for 0.625 s',
    );
    expect(text).toContain('npm run simulate -- --seed 35');
    const file = /--plan (\S+)/.exec(text)?.[1] ?? '';
    const plan = JSON.parse(readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')) as Plan;
    expect(plan.acts).toMatchObject([{ kind: 'read', who: 'bob' }]);
    expect(await simulate(`--plan ${join(folder, '35.json')}`)).toMatchObject({ code: 1 });
  });

  it('can leave a difference as it was found, and print JSON', async () => {
    const { code, text } = await simulate('--seeds 9 --from 40 --no-shrink --json --workers 2');
    const report = JSON.parse(text);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      ...{ from: 40, seeds: 3, workers: 2 },
      failure: { seed: 42, findings: [{ check: 'reads are right' }], shrunk: { runs: 0, faults: 3 } },
    });
  });

  it('prints the history of one seed, the same text every time', async () => {
    const { code, lines, text } = await simulate('--seed 35');
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^Seed 35: snapshots every 3 events, 2 instances of the API/);
    expect(lines).toContain('25500 read');
    expect((await simulate('--seed 35')).text).toBe(text);
    expect(await simulate('--seed 36')).toMatchObject({ code: 0 });
    expect(JSON.parse((await simulate('--seed 36 --json')).text)).toMatchObject({ seed: 36, findings: [] });
  });

  it('ends with a report when it is stopped', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1_000);
    const { code, text } = await simulate('--minutes 60 --from 0 --workers 1', stop.signal);
    // The fake is wrong at seed 35, unless the machine is so slow that no thread has come so far.
    expect([1, 130]).toContain(code);
    expect(text).toMatch(/histories from seed 0/);
  });

  it('says what is wrong with a plan', async () => {
    await expect(simulate(`--plan ${join(folder, 'none.json')}`)).rejects.toThrow(
      /There is no plan in .*none/,
    );
    const empty = join(folder, 'empty.json');
    writeFileSync(empty, 'null');
    await expect(simulate(`--plan ${empty}`)).rejects.toThrow(/has no plan: it needs "seed"/);
  });
});
