import { expect, it } from '@jest/globals';
import { parseStartArguments } from '../args.ts';

it('a seed has a known name', () => {
  expect(parseStartArguments(['--seed', 'stress'])).toMatchObject({ seed: 'stress' });
  expect(parseStartArguments(['--seed'])).toMatchObject({ seed: 'demo' });
  expect(parseStartArguments([])).not.toHaveProperty('seed');
  expect(() => parseStartArguments(['--seed', 'all'])).toThrow(
    '--seed must be one of: demo, stress. "all" is none of them.',
  );
});
