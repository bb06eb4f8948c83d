import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.fixture.ts';

const patienceMs = 600_000;

describe('simulated histories', () => {
  it(
    'are right for 200 seeds',
    async () => {
      const { code, text } = await simulate('--seeds', '200');
      expect({ code, ...(code !== 0 && { text }) }).toEqual({ code: 0 });
    },
    patienceMs,
  );

  it.each([1, 17])('of seed %i are the same text every time', async (seed) => {
    const [one, other] = await Promise.all([simulate('--seed', `${seed}`), simulate('--seed', `${seed}`)]);
    expect(one.code).toBe(0);
    expect(one.text.split('\n').length).toBeGreaterThan(50);
    expect(other).toEqual(one);
  });
});

it('npm run simulate exits with 2 and a sentence if it is asked for something else', async () => {
  expect(await simulate('--seeds', 'many')).toEqual({
    code: 2,
    text: '--seeds must be a whole number from 1 to 1,000,000,000, not "many".\n',
  });
});
