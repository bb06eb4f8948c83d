import { describe, expect, it } from '@jest/globals';
import { parseProjectionsArguments } from './args.ts';

describe('the command line of projections', () => {
  it.each([
    [[], { command: 'help' }],
    [['--help'], { command: 'help' }],
    [
      ['verify-log'],
      { command: 'verify-log', stage: 'local', endpoint: 'http://localhost:4566', segments: 4 },
    ],
    [
      ['verify-log', '--stage', 'prod', '--segments', '16'],
      { command: 'verify-log', stage: 'prod', endpoint: undefined, segments: 16 },
    ],
    [
      ['verify-log', '--endpoint', 'http://localhost:1'],
      { command: 'verify-log', stage: 'local', endpoint: 'http://localhost:1', segments: 4 },
    ],
  ])('%j', (args, expected) => {
    expect(parseProjectionsArguments(args)).toEqual(expected);
  });

  it.each([
    [['rebuild'], 'Unknown command "rebuild"'],
    [['verify-log', 'ledger'], 'Unknown command "verify-log ledger"'],
    [['verify-log', '--stagge', 'prod'], "Unknown option '--stagge'"],
    [['verify-log', '--segments', '0'], '--segments must be a whole number from 1 to 64, not "0".'],
    [['verify-log', '--segments', '1e1'], '--segments must be'],
  ])('refuses %j', (args, message) => {
    expect(() => parseProjectionsArguments(args)).toThrow(message);
  });
});
