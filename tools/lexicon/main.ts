import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { callerPath } from '../host/caller-folder.ts';
import { buildLexicon } from './build.ts';

const usage =
  'Usage: npm run lexicon -- --ndc <product.txt> --unii <UNII_Names.txt> [--kbv <PSTopSubstanceSNOMEDCTGerman.ts>]';
const target = join(
  import.meta.dirname,
  '../../lambdas/contexts/dispense/automations/analysis/reading/lexicon/lexicon.json',
);

const { values } = parseArgs({
  options: { ndc: { type: 'string' }, unii: { type: 'string' }, kbv: { type: 'string' } },
});
const [ndc, unii, kbv] = [values.ndc, values.unii, values.kbv].map((path) => path && callerPath(path));
const missing = [ndc, unii, kbv].find((path) => path !== undefined && !existsSync(path));
if (ndc === undefined || unii === undefined) fail(usage);
else if (missing !== undefined) fail(`No such file: ${missing}`);
else {
  const here = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
  const lines = buildLexicon({
    ndc: readFileSync(ndc, 'latin1'),
    unii: readFileSync(unii, 'utf8'),
    german: kbv === undefined ? '' : readFileSync(kbv, 'utf8'),
    supplement: here('supplement.tsv'),
    dropped: here('dropped.txt'),
  });
  writeFileSync(target, `${JSON.stringify(lines, null, 2)}\n`);
  console.log(`${lines.length} substances and combinations`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
