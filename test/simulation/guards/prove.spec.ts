import { describe, expect, it } from '@jest/globals';
import { guards } from './guards.ts';
import { proofLines, prove } from './prove.ts';

const patienceMs = 300_000;

/** One of each kind, found within few seeds. `npm run test:more` removes all guards. */
const chosen = [
  'put-condition',
  'repeated-command',
  'lines-before-row',
  'failed-messages-reported',
  'hash-link',
];

describe('a guard', () => {
  it.each(guards.filter(({ name }) => chosen.includes(name)))(
    '$name is found to be missing',
    async (guard) => {
      const proof = await prove(guard);
      process.stdout.write(`${proofLines([proof]).join('\n')}\n`);
      expect(proof.isAsDeclared).toBe(true);
    },
    patienceMs,
  );
});
