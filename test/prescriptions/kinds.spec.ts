import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { summaryOf } from '../../lambdas/contexts/dispense/automations/analysis/reading/summary.fixture.ts';

/**
 * `kinds*.txt` have texts of many kinds, each with its reading in the short lines of {@link summaryOf}. "##" begins a group, "---" separates texts,
 * and ">" begins the lines of a reading.
 */
const groups = readdirSync(import.meta.dirname)
  .filter((name) => /^kinds.*\.txt$/.test(name))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n')
  .split(/^## /m)
  .slice(1)
  .map((group) => {
    const [title = '', ...lines] = group.split('\n');
    return { title, cases: lines.join('\n').split('\n---\n').map(caseOf) };
  });

function caseOf(block: string): { readonly text: string; readonly reading: readonly string[] } {
  const lines = block.trimEnd().split('\n');
  const first = lines.findIndex((line) => line.startsWith('> '));
  return { text: lines.slice(0, first).join('\n'), reading: lines.slice(first).map((line) => line.slice(2)) };
}

describe.each(groups)('$title', ({ cases }) => {
  it.each(cases)('$text', ({ text, reading }) => {
    expect(summaryOf(text)).toEqual(reading);
  });
});

it('there are at least 60 texts', () => {
  expect(groups.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(60);
});
