import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Guard, MisfitError, withoutGuard } from './guard.ts';
import { guards } from './guards.ts';

const sourceOf = ({ file }: Guard) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');

describe('the list of guards', () => {
  it.each(guards)('$name can be removed', (guard) => {
    const source = sourceOf(guard);
    const mutated = withoutGuard(guard, source);
    expect(mutated).not.toBe(source);
    expect(() => stripTypeScriptTypes(mutated)).not.toThrow();
  });

  it('has each name once', () => {
    expect(new Set(guards.map(({ name }) => name)).size).toBe(guards.length);
  });

  it('refuses a patch that no longer fits', () => {
    const [guard] = guards as [Guard, ...Guard[]];
    expect(() => withoutGuard(guard, '')).toThrow(MisfitError);
    expect(() => withoutGuard(guard, sourceOf(guard).repeat(2))).toThrow(/occurs 2 times, not once/);
  });

  it('names a spec that is there for each guard that no history needs', () => {
    for (const { unfound } of guards) {
      if (unfound && 'elsewhere' in unfound)
        expect(() => sourceOf({ file: unfound.elsewhere } as Guard)).not.toThrow();
    }
  });
});
