import { describe, expect, it } from '@jest/globals';
import { UserError } from '../host/user-error.ts';
import { parseOptions } from './options.ts';

function options(...args: string[]) {
  const parsed = parseOptions(args);
  if (parsed === 'help') throw new Error('Help was not asked for.');
  return parsed;
}

describe('parseOptions', () => {
  it('has a default for everything', () => {
    const { seed, ...rest } = options();
    expect(rest).toEqual({
      url: new URL('http://localhost:3000'),
      events: 10_000,
      concurrency: 32,
      sizes: { ledger: 500, metrics: 250 },
      mix: ['ledger'],
      patienceSeconds: 0,
    });
    expect(Number.isInteger(seed)).toBe(true);
  });

  it('accepts every option', () => {
    const args =
      '--events 500 --concurrency 4 --url https://api.test/dev --seed 9 --accounts 20 --metrics 7 --mix metrics,ledger';
    expect(options(...args.split(' '), '--patient', '60')).toEqual({
      url: new URL('https://api.test/dev'),
      events: 500,
      concurrency: 4,
      sizes: { ledger: 20, metrics: 7 },
      seed: 9,
      mix: ['metrics', 'ledger'],
      patienceSeconds: 60,
    });
  });

  it('bounds the number of accounts and metrics', () => {
    expect(options('--events', '1').sizes.ledger).toBe(50);
    expect(options('--events', '10000000').sizes.ledger).toBe(100_000);
    expect(options('--events', '1').sizes.metrics).toBe(20);
    expect(options('--events', '10000000').sizes.metrics).toBe(100_000);
  });

  it('returns `help` when asked for it', () => {
    expect(parseOptions(['--help', '--events', '5'])).toBe('help');
  });

  it.each([
    [['--events', '0'], '--events must be a whole number from 1 to 10000000, not "0".'],
    [['--events', '1e3'], '--events must be a whole number from 1 to 10000000, not "1e3".'],
    [['--concurrency', '257'], '--concurrency must be a whole number from 1 to 256, not "257".'],
    [['--accounts', '7'], '--accounts must be a whole number from 8 to 100000, not "7".'],
    [['--seed', '4294967296'], '--seed must be a whole number from 0 to 4294967295, not "4294967296".'],
    [['--patient', 'long'], '--patient must be a whole number from 0 to 3600, not "long".'],
    [['--url', 'localhost:3000'], '--url must be like http://localhost:3000, not "localhost:3000".'],
    [
      ['--url', 'http://localhost:3000?a=b'],
      '--url must be like http://localhost:3000, not "http://localhost:3000?a=b".',
    ],
    [['--metrics', '0'], '--metrics must be a whole number from 1 to 100000, not "0".'],
    [['--mix', 'ledger,nothing'], '--mix must be one or more of ledger, metrics, not "nothing".'],
    [['--evnts', '5'], "Unknown option '--evnts'. See --help."],
    [['--seed'], "Option '--seed <value>' argument missing. See --help."],
    [['5'], /^Unexpected argument '5'.* See --help\.$/],
  ])('refuses %j in one line', (args, message) => {
    expect(() => options(...args)).toThrow(UserError);
    expect(() => options(...args)).toThrow(message);
  });
});
