import { expect, it } from '@jest/globals';
import { Outage } from '../../../lambdas/tracing/otlp/outage.ts';
import { TraceWarnings } from './trace-warnings.ts';

/** What an instance of a function logs when its spans are not sent, and then are again. */
function linesOfOutage(): [failed: string, over: string] {
  const lines: string[] = [];
  const log = (level: string) => (message: string) => void lines.push(JSON.stringify({ level, message }));
  const outage = new Outage({ warn: log('WARN'), info: log('INFO') }, { elapsed: () => 0 });
  outage.failed({ message: 'It could not be reached.' } as never);
  outage.over();
  return lines as [string, string];
}

const [failed, over] = linesOfOutage();

it('the warnings of all instances are one, until spans are sent again', () => {
  const warnings = new TraceWarnings();
  expect([failed, failed, failed].map((line) => warnings.isNews(line))).toEqual([true, false, false]);
  expect([over, failed, failed].map((line) => warnings.isNews(line))).toEqual([true, true, false]);
  warnings.outageIsOver();
  expect(warnings.isNews(failed)).toBe(true);
});

it('other lines are news, whatever they quote', () => {
  const warnings = new TraceWarnings();
  warnings.isNews(failed);
  for (const line of [
    '',
    'Traces are not sent',
    '{"_aws":{}}',
    '{"level":"WARN","message":"Why? Traces are not sent"}',
  ])
    expect([warnings.isNews(line), warnings.isNews(line)]).toEqual([true, true]);
});
