import { focusOfSeed } from '../run/make-plan.ts';
import { runSeed } from '../run/seed-result.ts';
import { simulation } from '../run/simulation.ts';

/**
 * Runs seeds in this process until one shows a difference. Arguments: the last seed, what the seeds that run first are about (a focus,
 * or "any"), and seeds that run before those. Prints each seed before it begins, so that whoever waits knows which one does not end;
 * then the result as JSON.
 */
const [last, focus, ...hints] = process.argv.slice(2);
const all = Array.from({ length: Number(last) }, (_, index) => index + 1);
const first = [...hints.map(Number), ...all.filter((seed) => focusOfSeed(seed) === focus)];

for (const seed of new Set([...first, ...all])) {
  process.stdout.write(`${seed}\n`);
  const [finding] = (await runSeed(simulation, seed)).findings;
  if (finding === undefined) continue;
  process.stdout.write(`${JSON.stringify({ seed, check: finding.check, text: finding.text })}\n`);
  break;
}
