import { describe, expect, it } from '@jest/globals';
import { logText } from './console.ts';
import type { LogSelection } from './log-selection.ts';
import { painted, plain } from './terminal-text.ts';

const name = 'streamfold-local-api';
const shown = (line: string, logs: LogSelection = 'all') => logText(name, line, logs, plain);
const record = (more: object) =>
  JSON.stringify({
    level: 'INFO',
    message: 'm',
    timestamp: '2026-11-26T12:00:00.000Z',
    service: 'api',
    ...more,
  });

describe('whether the terminal shows a log line of a function', () => {
  it.each([
    ['a warning', record({ level: 'WARN' }), true],
    ['an error', record({ level: 'ERROR' }), true],
    ['information', record({}), false],
    ['detail', record({ level: 'debug' }), false],
    ['metrics', '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"service":"api","Commands":1}', false],
    ['an object without a level', '{"a":1}', true],
    ['what only looks like an object', '{a', true],
    ['text', 'here', true],
    ['an empty line', ' ', false],
  ])('%s: %s', (_what, line, isShown) => {
    expect(shown(line, 'warnings') !== undefined).toBe(isShown);
    expect(shown(line, ['publisher']) !== undefined).toBe(isShown);
  });

  it('every record of the selected functions, and no metrics', () => {
    for (const logs of ['all', ['api'], ['publisher', 'api']] as const) {
      expect(shown(record({ level: 'DEBUG' }), logs)).toContain('DEBUG m');
      expect(shown('{"_aws":{}}', logs)).toBeUndefined();
    }
  });
});

describe('what the terminal shows', () => {
  it('the time, the function, the level, the message and the fields on one line', () => {
    const line = record({
      route: '/ledger/{id}',
      status: 200,
      at: 'two words',
      counts: { a: [1] },
      none: null,
    });
    expect(shown(line)).toMatch(
      /^\d\d:\d\d:00\.000 api {16}INFO {2}m route="\/ledger\/\{id\}" status=200 at="two words" counts=\{"a":\[1\]\} none=null$/,
    );
  });

  it('ids at the end, and nothing that each line of a function has', () => {
    const context = { cold_start: false, function_arn: 'a', function_name: 'n', function_memory_size: 1 };
    const line = record({ ...context, function_request_id: 'r-1', correlation_id: 'c-1', status: 200 });
    expect(shown(line)).toMatch(/ INFO {2}m status=200 correlation_id=c-1 function_request_id=r-1$/);
    expect(shown(record({ cold_start: true }))).toMatch(/ m cold_start=true$/);
  });

  it('stack traces and those of causes in lines, and nothing of them twice', () => {
    const cause = { name: 'TypeError', message: 'inner', stack: 'TypeError: inner\n    at b (b.ts:2:1)' };
    const error = {
      name: 'Error',
      message: 'outer',
      location: 'x:1',
      stack: 'Error: outer\n    at a (a.ts:1:1)',
    };
    expect(shown(record({ level: 'ERROR', error: { ...error, cause } }))?.split('\n')).toEqual([
      expect.stringMatching(/ ERROR m error=\{"name":"Error","cause":"TypeError"\}$/),
      ...['    Error: outer', '        at a (a.ts:1:1)'],
      ...['    Caused by TypeError: inner', '        at b (b.ts:2:1)'],
    ]);
    expect(shown(record({ error }))).toMatch(/ error=Error\n {4}Error: outer\n/);
    expect(shown(record({ error: { ...error, message: 'changed' } }))).toContain('"message":"changed"');
  });

  it('text without structure after the name of its function', () => {
    expect(shown('here')).toMatch(/^[\d:.]{12} api {16}here$/);
  });

  it('the JSON of every line, if asked to', () => {
    for (const line of [record({}), '{"_aws":{}}', 'text'])
      expect(shown(line, 'json')).toBe(`[${name}] ${line}`);
  });

  it.each([
    ['a message', record({ message: '\u001b[2J' })],
    ['a field', record({ '\u001b[2J': '\u001b[2J\u009b2J' })],
    ['a level', record({ level: '\u001b[2J' })],
    ['a stack', record({ error: { name: 'E', message: '\u001b[2J', stack: '\u001b[2J\n at \u009b2J' } })],
    ['text', '\u001b[2J\u009b2J'],
  ])('%s without control characters, which could damage the display', (_, line) => {
    for (const logs of ['all', 'json'] as const) {
      const text = logText(name, line, logs, plain);
      expect(text).toContain('2J');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  it('colours that end where they should', () => {
    expect(logText(name, record({ level: 'ERROR' }), 'all', painted)).toContain(
      '\u001b[31mERROR\u001b[39m m',
    );
  });
});
