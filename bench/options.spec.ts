import { describe, expect, it } from '@jest/globals';
import { UserError } from '../tools/host/user-error.ts';
import { parseOptions } from './options.ts';

describe('the options of the bench', () => {
  it('are a whole run by default', () => {
    expect(parseOptions([])).toEqual({
      dynamodbUrl: undefined,
      groups: ['hydrate', 'append', 'encrypt', 'rebuild', 'tracing'],
      isQuick: false,
      runs: 1,
      withCastore: true,
      jsonFile: undefined,
      writesDocs: false,
    });
  });

  it('name parts, in the order in which they run', () => {
    expect(parseOptions(['--only', 'append, hydrate'])).toMatchObject({ groups: ['hydrate', 'append'] });
  });

  it.each([
    [
      ['--only', 'reads'],
      '--only must be one or more of hydrate, append, encrypt, rebuild, tracing, not "reads".',
    ],
    [['--runs', '0'], '--runs must be a whole number from 1 to 9, not "0".'],
    [['--docs', '--quick'], '--docs needs a whole run: leave out --quick, --only and --without-castore.'],
    [
      ['--docs', '--only', 'append'],
      '--docs needs a whole run: leave out --quick, --only and --without-castore.',
    ],
    [['--fast'], "Unknown option '--fast'. See --help."],
  ])('refuse %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(new UserError(message));
  });
});
