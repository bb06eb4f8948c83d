import { describe, expect, it } from '@jest/globals';
import { parseSimulateArguments, seedOfText } from './args.ts';

const parsed = (line: string) => parseSimulateArguments(line.split(' ').filter(Boolean));

describe('the command line of the simulation', () => {
  it('runs many seeds from 1, or from another one', () => {
    expect(parsed('--seeds 500 --workers 2')).toEqual({
      ...{ command: 'many', seeds: 500, from: 1, workers: 2, shrinks: true, json: false },
    });
    expect(parsed('--seeds 5 --from 7 --no-shrink --json')).toMatchObject({
      ...{ from: 7, shrinks: false, json: true },
    });
  });

  it('runs for some minutes, from the seed of the commit unless another one is given', () => {
    expect(parsed('--minutes 60')).not.toHaveProperty('from');
    expect(parsed('--minutes 60 --from 3')).toMatchObject({ minutes: 60, from: 3 });
  });

  it('runs one seed, also one of a text, or a plan', () => {
    expect(parsed('--seed 0')).toEqual({ command: 'seed', seed: 0, json: false });
    expect(parsed('--seed-text abc')).toMatchObject({ command: 'seed', seed: seedOfText('abc') });
    expect(parsed('--plan x.json --json')).toEqual({ command: 'plan', file: 'x.json', json: true });
  });

  it('helps', () => {
    expect([parsed(''), parsed('--help'), parsed('-h')]).toEqual(Array(3).fill({ command: 'help' }));
  });

  it.each([
    ['--json', /What shall run/],
    ['--seeds 0', /--seeds must be a whole number from 1 to/],
    ['--seeds 1.5', /--seeds must be a whole number/],
    ['--seed -1', /--seed/],
    ['--seed x', /--seed must be a whole number from 0 to/],
    ['--seeds 1 --minutes 1', /--seeds and --minutes cannot be combined/],
    ['--seed 1 --from 2', /--seed runs one history, so it has no --from/],
    ['--plan a --workers 2', /--plan runs one history, so it has no --workers/],
    ['--seeds 1 --workers 65', /--workers must be a whole number from 1 to 64/],
    ['--sneeds 1', /Unknown option '--sneeds'/],
    ['17', /Unexpected argument '17'/],
  ])('refuses %s', (line, message) => {
    expect(() => parsed(line)).toThrow(message);
  });

  it('derives a seed of a text that is safe and always the same', () => {
    expect(seedOfText('abc')).toBe(205_024_940_494_593);
  });
});
