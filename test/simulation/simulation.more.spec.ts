import { describe, expect, it } from '@jest/globals';
import { sayLoudly } from '../support/loud-lines.ts';
import { currentCommit } from './run/commit.ts';
import type { Covered } from './run/coverage.ts';
import { simulate } from './simulate.fixture.ts';

const patienceMs = 1_800_000;

describe('simulated histories', () => {
  it(
    'are right for 2,000 seeds, in which every kind of fault strikes',
    async () => {
      const { code, text } = await simulate('--seeds', '2000', '--json');
      expect({ code, ...(code !== 0 && { text }) }).toEqual({ code: 0 });
      const { seeds, historiesPerSecond, workers, coverage } = JSON.parse(text);
      process.stdout.write(
        `${`${seeds} histories, ${historiesPerSecond.toFixed(0)} per second in ${workers} threads`}\n`,
      );
      const faults = Object.entries<Covered>(coverage.faults);
      expect(faults.filter(([, { histories }]) => histories === 0)).toEqual([]);
    },
    patienceMs,
  );

  it('are right for the seed of the commit', async () => {
    const commit = currentCommit();
    if (commit === undefined) {
      sayLoudly(
        'The history whose seed is the commit is not tested: there is no commit. Use a checkout of git.',
      );
      return;
    }
    const { code, text } = await simulate('--seed-text', commit);
    expect({ code, ...(code !== 0 && { text }) }).toEqual({ code: 0 });
  });
});
