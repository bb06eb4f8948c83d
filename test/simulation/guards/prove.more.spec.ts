import { describe, expect, it } from '@jest/globals';
import { guards } from './guards.ts';
import { type Proof, proofLines, prove } from './prove.ts';

const patienceMs = 3_600_000;
/** Each proof is a process that uses one core. */
const atOnce = 2;

describe('each guard', () => {
  it(
    'is found to be missing by a seed, unless it says why not',
    async () => {
      const proofs: Proof[] = [];
      const left = [...guards.keys()];
      const work = async () => {
        for (let index = left.shift(); index !== undefined; index = left.shift()) {
          const guard = guards[index];
          if (guard) proofs[index] = await prove(guard);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      process.stdout.write(`${proofLines(proofs).join('\n')}\n`);
      expect(proofs.filter(({ isAsDeclared }) => !isAsDeclared).map(({ guard }) => guard.name)).toEqual([]);
    },
    patienceMs,
  );
});
