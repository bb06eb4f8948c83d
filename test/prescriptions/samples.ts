import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expected } from './compare.ts';

/** The sets of texts in this folder. */
export type SampleSet = 'plain' | 'text';

/** A text with what it states. */
export interface Sample {
  readonly name: string;
  readonly text: string;
  readonly expected: Expected;
}

/** The encodings have their own specs, with the reader of files. */
const isEncoding = (name: string) => name.startsWith('e-');

/** All texts of a set, in the order of their names. */
export function samplesOf(set: SampleSet): Sample[] {
  const folder = join(import.meta.dirname, set);
  const expected: Readonly<Record<string, Expected>> = JSON.parse(
    readFileSync(join(folder, 'expected.json'), 'utf8'),
  );
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt') && !isEncoding(name))
    .sort()
    .map((name) => {
      const stated = expected[name];
      if (stated === undefined) throw new Error(`${name} is not in expected.json`);
      return { name, text: readFileSync(join(folder, name), 'utf8'), expected: stated };
    });
}
