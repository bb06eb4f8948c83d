import { describe, expect, it } from '@jest/globals';
import { isAbout } from './call-target.ts';
import type { Fault } from './faults.ts';
import { World } from './world.ts';

const noService = { execute: () => ({}) };
const services = { dynamodb: noService, kinesis: noService, sqs: noService, kms: noService };

const about = (TableName: string) => ({ operation: 'GetItem', input: { TableName } });

describe('a fault of one table or queue', () => {
  it.each<[string, object]>([
    ['a request', { TableName: 'Control' }],
    ['a batch', { RequestItems: { Control: [] } }],
    [
      'a transaction',
      { TransactItems: [{ Put: { TableName: 'EventLog' } }, { Put: { TableName: 'Control' } }] },
    ],
    ['a message', { QueueUrl: 'https://sqs.simulated/Control' }],
  ])('is met by %s about it, and by no other', (_, input) => {
    expect(isAbout(input, 'Control')).toBe(true);
    expect(isAbout(input, 'ControlWaiting')).toBe(false);
    expect(isAbout(input, 'trol')).toBe(false);
  });

  it('strikes all calls about it while it lasts, and no others', () => {
    const outage: Fault = {
      kind: 'request-lost',
      service: 'dynamodb',
      only: 'Control',
      chance: 1,
      fromMs: 0,
      forMs: 60_000,
    };
    const world = new World({ seed: 1, faults: [outage], isTraced: false, services });
    expect(world.callFault('dynamodb', about('Control'), 0.99)).toBe('request-lost');
    expect(world.callFault('dynamodb', about('EventLog'), 0)).toBeUndefined();
    expect(
      world.callFault(
        'sqs',
        { operation: 'SendMessage', input: { QueueUrl: 'https://sqs.simulated/Control' } },
        0,
      ),
    ).toBeUndefined();
  });

  it('strikes writes alone if it is about writes', () => {
    const fault: Fault = {
      ...{ kind: 'throttled', service: 'dynamodb', writesOnly: true, chance: 1 },
      ...{ fromMs: 0, forMs: 60_000 },
    };
    const world = new World({ seed: 1, faults: [fault], isTraced: false, services });
    const struck = (operation: string) => world.callFault('dynamodb', { operation, input: {} }, 0);
    const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
    expect(writes.map(struck)).toEqual(writes.map(() => 'throttled'));
    expect(['GetItem', 'BatchGetItem', 'Query', 'Scan'].filter(struck)).toEqual([]);
  });
});
