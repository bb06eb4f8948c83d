import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withEntry } from './catalogue.ts';
import { namesOf } from './names.ts';

const catalogue = readFileSync(join(import.meta.dirname, '../../schema/contexts.ts'), 'utf8');

describe('the entry of a new context', () => {
  it('is added at the end of the catalogue, which is unchanged otherwise', () => {
    const changed = withEntry(catalogue, namesOf('gift-card'));
    expect(changed).toContain("\n  'gift-card': {\n");
    expect(changed).toContain("userImpact: 'Gift cards, as queries show them, are out of date',");
    const begin = changed.indexOf("\n  'gift-card': {");
    const end = changed.indexOf('\n} as const', begin);
    expect(changed.slice(0, begin) + changed.slice(end)).toBe(catalogue);
  });

  it('does not replace another', () => {
    expect(() => withEntry(catalogue, namesOf('ledger'))).toThrow('has an entry "ledger" already');
    const twice = withEntry(catalogue, namesOf('gift-card'));
    expect(() => withEntry(twice, namesOf('gift-card'))).toThrow('has an entry "gift-card" already');
  });

  it('needs a catalogue whose end is found', () => {
    expect(() => withEntry('export {}', namesOf('gift-card'))).toThrow('Add the entry by hand.');
  });
});
