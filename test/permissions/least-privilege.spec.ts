import { describe, expect, it } from '@jest/globals';
import { compare, type Exception } from './least-privilege.ts';

const functionName = 'streamfold-local-projector';
const table = 'arn:aws:dynamodb:us-east-1:0:table/streamfold-local-EventLogTable9CC67CCE';
const grant = (action: string, resource = table) => ({ action, resource });
const made = (action: string, resource = table, name = functionName) => ({
  functionName: name,
  operation: action,
  permissions: [{ action, resource }],
});
const logs: Exception = {
  functions: ['projector'],
  actions: ['logs:PutLogEvents'],
  resource: /Logs$/,
  reason: 'Lambda does it',
};

describe('the comparison of calls with grants', () => {
  it('has no violation when each grant was used and each call granted', () => {
    const grants = new Map([
      [functionName, [grant('dynamodb:Query'), grant('dynamodb:PutItem', `${table}*`)]],
    ]);
    const calls = [made('dynamodb:Query'), made('dynamodb:PutItem'), made('dynamodb:Query')];
    const { violations, stale, table: text } = compare(calls, grants, []);
    expect([...violations, ...stale]).toEqual([]);
    expect(text).toMatch(/^projector +EventLogTable +Query 2$/m);
  });

  it('names an unused grant, also when another function made that call', () => {
    const grants = new Map([[functionName, [grant('dynamodb:Query')]]]);
    const { violations, table: text } = compare([made('dynamodb:Query', table, 'another')], grants, []);
    expect(violations).toEqual([`${functionName} is allowed dynamodb:Query on ${table} and never used it.`]);
    expect(text).toContain('UNUSED Query');
  });

  it('names a refused call once', () => {
    const refused = { ...made('dynamodb:Scan'), refusal: 'not authorized' };
    expect(compare([refused, refused], new Map(), []).violations).toEqual(['not authorized']);
  });

  it('accepts an unused grant with an exception', () => {
    const grants = new Map([[functionName, [grant('logs:PutLogEvents', 'arn:Logs')]]]);
    expect(compare([], grants, [logs])).toMatchObject({ violations: [], stale: [] });
  });

  it.each([
    ['is used after all', [made('logs:PutLogEvents', 'arn:Logs')], [grant('logs:PutLogEvents', 'arn:Logs')]],
    ['no longer exists', [], []],
  ])('names an exception for a grant that %s', (_, calls, granted) => {
    const { stale } = compare(calls, new Map([[functionName, granted]]), [logs]);
    expect(stale).toEqual([
      'projector has no unused grant of logs:PutLogEvents: the exception says "Lambda does it".',
    ]);
  });

  it('does not apply an exception to another function or resource', () => {
    const grants = new Map([
      [functionName, [grant('logs:PutLogEvents', 'arn:Logs2')]],
      ['streamfold-local-api', [grant('logs:PutLogEvents', 'arn:Logs')]],
    ]);
    expect(compare([], grants, [logs]).violations).toHaveLength(2);
  });
});
