import { parseArgs } from 'node:util';
import { messageOf } from '../../../tools/host/user-error.ts';
import { guards } from './guards.ts';
import { type Proof, proofHead, proofLines, prove } from './prove.ts';

const usage = `Removes guards one by one, and says which seed finds that they are missing, as a table in Markdown.

node test/simulation/guards/main.ts [NAME ...] [--budget N]
    all guards, or those that are named; --budget: the last seed for each

Exits with 0 if each is found as declared, 1 if one is not, 2 if it cannot run.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { budget: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const unknown = positionals.find((name) => !guards.some((guard) => guard.name === name));
  if (unknown !== undefined) throw new Error(`There is no guard "${unknown}".\n\n${usage}`);
  const budget = values.budget === undefined ? undefined : Number(values.budget);
  if (budget !== undefined && !(Number.isSafeInteger(budget) && budget > 0)) {
    throw new Error(`--budget must be a whole number of at least 1, not "${values.budget}".`);
  }
  const chosen = guards.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const proofs: Proof[] = [];
  for (const line of proofHead) console.log(line);
  for (const guard of chosen) {
    const proof = await prove(guard, budget === undefined ? {} : { budget });
    proofs.push(proof);
    for (const line of proofLines([proof])) console.log(line);
  }
  return proofs.every(({ isAsDeclared }) => isAsDeclared) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}
