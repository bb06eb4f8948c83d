import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmbeddedAnalyzer } from '../../lambdas/contexts/dispense/automations/analysis/embedded/embedded-analyzer.ts';
import {
  type BuiltReaders,
  buildReaders,
} from '../../lambdas/contexts/dispense/automations/analysis/embedded/readers-under-test.fixture.ts';
import { type OutcomeKind, outcomeOf } from './outcomes.ts';
import { type SampleKind, samplesOf } from './samples.ts';

/** Other specs use the cores too. */
const timeoutMs = 120_000;

let readers: BuiltReaders;
let analyzer: EmbeddedAnalyzer;

beforeAll(async () => {
  readers = await buildReaders();
  analyzer = new EmbeddedAnalyzer({
    readersFolder: readers.readersFolder,
    nodePath: process.execPath,
    timeoutMs,
  });
});
afterAll(() => readers.remove());

/** `files.more.spec.ts` has all of them. */
describe('some pictures and PDFs', () => {
  it.each<[string, OutcomeKind]>([
    ['pdf/01-clean.pdf', 'trusted and right'],
    ['pdf/15-each-letter-placed.pdf', 'trusted and right'],
    ['pdf/17-ehr-wrapped-directions-column.pdf', 'trusted and right'],
    ['pdf/04-searchable-scan-ocr-layer-lost-decimals.pdf', 'reviewed'],
    ['pdf/11-hidden-white-1pt-text.pdf', 'reviewed'],
    ['pdf/06-encrypted-user-password.pdf', 'failed'],
    ['image/01-clean-print.png', 'trusted and right'],
    ['image/25-apng.png', 'reviewed'],
    ['image/28-label-print.png', 'reviewed'],
  ])(
    '%s is %s',
    async (name, kind) => {
      const sample = samplesOf(name.split('/')[0] as SampleKind).find((one) => one.name === name);
      if (!sample) throw new Error(`There is no sample ${name}.`);
      expect(await outcomeOf(sample, analyzer)).toMatchObject({ kind });
    },
    timeoutMs,
  );
});
