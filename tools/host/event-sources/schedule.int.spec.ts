import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { writeApp } from '../../../test/support/app-fixture.ts';
import { until } from '../../../test/support/until.ts';
import { startHost } from '../host.ts';
import { parseRate } from './schedule.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a schedule', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(1 hour)', 3_600_000],
    ['rate(2 days)', 172_800_000],
  ])('is parsed: %s', (expression, periodMs) => {
    expect(parseRate(expression)).toBe(periodMs);
  });

  it.each([['cron(0 9 * * ? *)'], ['rate(0 minutes)'], ['']])('is refused: "%s"', (expression) => {
    expect(() => parseRate(expression)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });

  it('invokes its function repeatedly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'streamfold-schedule-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'events');
    writeFileSync(file, '');
    const source = `exports.handler = async (event) =>
      require('node:fs').appendFileSync(${JSON.stringify(file)}, JSON.stringify(event) + '\\n')`;
    const app = writeApp(
      { sweeper: { source } },
      {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            ScheduleExpression: 'rate(1 second)',
            State: 'ENABLED',
            Targets: [
              { Id: 'Target0', Arn: { 'Fn::GetAtt': ['sweeper', 'Arn'] } },
              { Id: 'Target1', Arn: { 'Fn::GetAtt': ['sweeper', 'Arn'] }, Input: '{"retention":true}' },
            ],
          },
        },
      },
    );
    cleanups.push(() => app.remove());
    const host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: app.folder });
    cleanups.push(() => host.stop());
    const lines = await until(
      () => readFileSync(file, 'utf8').trim().split('\n'),
      ({ length }) => length >= 4,
    );
    const events = lines.map((line) => JSON.parse(line) as object);
    // Its own event, and the one that a target chooses.
    expect(events).toContainEqual(
      expect.objectContaining({
        'detail-type': 'Scheduled Event',
        resources: [expect.stringMatching(/rule\/app-Rule$/)],
      }),
    );
    expect(events).toContainEqual({ retention: true });
  });
});
