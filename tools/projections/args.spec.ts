import { describe, expect, it } from '@jest/globals';
import { contextNames } from '../../schema/contexts.ts';
import { parseProjectionsArguments } from './args.ts';

const local = { stage: 'local', endpoint: 'http://localhost:4566', isDeployed: false, json: false };
const prod = { stage: 'prod', endpoint: undefined, isDeployed: true, json: false };
const all = contextNames;
const names = contextNames.join(', ');
const rebuild = { command: 'rebuild', segments: 4, concurrency: 1, switches: true, restored: false };

describe('the command line of projections', () => {
  it.each([
    [[], { command: 'help' }],
    [['--help'], { command: 'help' }],
    [['rebuild', '--help'], { command: 'help' }],
    [['verify-log'], { ...local, command: 'verify-log', segments: 4 }],
    [['verify-log', '--stage', 'prod', '--segments', '16'], { ...prod, command: 'verify-log', segments: 16 }],
    [
      ['verify-log', '--endpoint', 'http://localhost:1'],
      { ...local, endpoint: 'http://localhost:1', command: 'verify-log', segments: 4 },
    ],
    [['status', '--json'], { ...local, json: true, command: 'status' }],
    [['rebuild', 'ledger'], { ...local, ...rebuild, readModels: ['ledger'] }],
    [
      ['rebuild', '--all', '--restored', '--no-switch', '--segments', '8', '--concurrency', '3'],
      {
        ...{ ...local, ...rebuild, readModels: all, segments: 8, concurrency: 3 },
        ...{ switches: false, restored: true },
      },
    ],
    [
      ['rebuild', 'todo', '--stage', 'prod'],
      { ...prod, ...rebuild, readModels: ['todo'], segments: 16, concurrency: 2 },
    ],
    [['verify', 'metrics'], { ...local, command: 'verify', readModels: ['metrics'], sample: 'all' }],
    [['verify', '--all', '--sample', '200'], { ...local, command: 'verify', readModels: all, sample: 200 }],
    [['repair', 'ledger/a'], { ...local, command: 'repair', stream: 'ledger/a' }],
    [['switch', 'ledger'], { ...local, command: 'switch', readModel: 'ledger' }],
    [['undo', 'ledger'], { ...local, command: 'undo', readModel: 'ledger' }],
    [['drop', 'ledger'], { ...local, command: 'drop', readModel: 'ledger', concurrency: 1 }],
    [['discard', 'ledger'], { ...local, command: 'discard', readModel: 'ledger', concurrency: 1 }],
    [
      ['discard', 'ledger', '--stage', 'prod'],
      { ...prod, command: 'discard', readModel: 'ledger', concurrency: 2 },
    ],
    [['redrive', 'publisher'], { ...local, command: 'redrive', consumers: ['publisher'] }],
    [['redrive', '--all'], { ...local, command: 'redrive', consumers: [...all, 'publisher'] }],
  ])('%j', (args, expected) => {
    expect(parseProjectionsArguments(args)).toEqual(expected);
  });

  it.each([
    [['rebuilt'], 'Unknown command "rebuilt"'],
    [['verify-log', 'ledger'], 'Unknown command "verify-log ledger"'],
    [['verify-log', '--stagge', 'prod'], "Unknown option '--stagge'"],
    [['verify-log', '--segments', '0'], '--segments must be a whole number from 1 to 64, not "0".'],
    [['verify-log', '--segments', '1e1'], '--segments must be'],
    [['rebuild'], `rebuild needs a name. The names are ${names}.`],
    [['rebuild', 'ledgr'], `There is no "ledgr" to rebuild. The names are ${names}.`],
    [['rebuild', 'toString'], 'There is no "toString" to rebuild.'],
    [['toString', 'ledger'], 'Unknown command "toString ledger"'],
    [['rebuild', 'ledger', 'todo'], 'rebuild accepts one name, not "ledger todo".'],
    [['rebuild', 'ledger', '--all'], 'rebuild accepts a name or --all, not both.'],
    [['rebuild', 'ledger', '--sample', '5'], 'rebuild has no option --sample.'],
    [['rebuild', 'ledger', '--concurrency', '4'], '--concurrency must be a whole number from 1 to 3'],
    [
      ['rebuild', 'ledger', '--stage', 'prod', '--concurrency', '2'],
      'A stage rebuilds with the concurrency of its settings',
    ],
    [['switch', '--all'], 'switch has no option --all.'],
    [['verify', 'ledger', '--sample', '-1'], '--sample'],
    // The verifier accepts no more.
    [['verify', 'ledger', '--sample', '10001'], '--sample must be a whole number from 1 to 10,000'],
    [['repair', 'ledger'], 'repair needs the name of a stream'],
    [['repair'], 'repair needs the name of a stream'],
    [['redrive', 'nobody'], `The names are ${names}, publisher.`],
  ])('refuses %j', (args, message) => {
    expect(() => parseProjectionsArguments(args)).toThrow(message);
  });
});
