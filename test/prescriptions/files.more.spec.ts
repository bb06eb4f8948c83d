import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmbeddedAnalyzer } from '../../lambdas/contexts/dispense/automations/analysis/embedded/embedded-analyzer.ts';
import {
  type BuiltReaders,
  buildReaders,
} from '../../lambdas/contexts/dispense/automations/analysis/embedded/readers-under-test.fixture.ts';
import { outcomeLines, outcomeOf, outcomeTable, type SampleOutcome } from './outcomes.ts';
import { sampleKinds, samplesOf } from './samples.ts';

/** For one document. Other specs use the cores too. */
const timeoutMs = 120_000;

let readers: BuiltReaders;
let analyzer: EmbeddedAnalyzer;
const groups: Record<string, SampleOutcome[]> = {};

beforeAll(async () => {
  readers = await buildReaders();
  analyzer = new EmbeddedAnalyzer({
    readersFolder: readers.readersFolder,
    nodePath: process.execPath,
    timeoutMs,
  });
});
afterAll(() => {
  readers.remove();
  process.stdout.write(`${outcomeTable(groups)}\n`);
});

describe.each(sampleKinds)('every sample in %s/', (group) => {
  it(
    'is trusted only if its reading is right and nobody must see it',
    async () => {
      const outcomes: SampleOutcome[] = [];
      for (const sample of samplesOf(group)) outcomes.push(await outcomeOf(sample, analyzer));
      groups[group] = outcomes;
      process.stdout.write(`${outcomeLines(group, outcomes)}\n`);
      expect(outcomes.filter(({ kind }) => kind === 'trusted and wrong')).toEqual([]);
    },
    samplesOf(group).length * timeoutMs,
  );
});
