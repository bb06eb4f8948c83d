import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeContext } from './write-context.ts';

const project = join(import.meta.dirname, '../..');

describe('a new context', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'streamfold-write-context-'));
    for (const folder of ['schema', 'bruno', 'docs', 'lambdas/contexts']) {
      cpSync(join(project, folder), join(root, folder), { recursive: true });
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['metric', 'has the path /metrics already'],
    ['ledger', 'has an entry "ledger" already'],
    ['prescription', 'bruno/prescription exists already. Choose another name.'],
  ])('is not written as %s: that is in use', (name, message) => {
    const catalogue = readFileSync(join(root, 'schema/contexts.ts'), 'utf8');
    expect(() => writeContext(root, name)).toThrow(message);
    expect(readFileSync(join(root, 'schema/contexts.ts'), 'utf8')).toBe(catalogue);
  });

  it('is written after the other requests of the collection', () => {
    mkdirSync(join(root, 'bruno/last'));
    writeFileSync(join(root, 'bruno/last/folder.bru'), 'meta {\n  name: Last\n  seq: 41\n}\n');
    expect(writeContext(root, 'reservation')).toContain('bruno/reservation/folder.bru');
    expect(readFileSync(join(root, 'bruno/reservation/folder.bru'), 'utf8')).toContain('  seq: 42\n');
    expect(existsSync(join(root, 'lambdas/contexts/reservation/context.ts'))).toBe(true);
  });

  it('has its row in the table of personal fields, and must find the table', () => {
    const path = join(root, 'docs/personal-data.md');
    const table = readFileSync(path, 'utf8');
    expect(writeContext(root, 'gift-card')).toContain('docs/personal-data.md');
    const changed = readFileSync(path, 'utf8');
    const row = changed.split('\n').find((line) => line.startsWith('| `GiftCard:Opened` | `title` | no |'));
    expect(changed.replace(`\n${row}`, '')).toBe(table);
    writeFileSync(path, '');
    expect(() => writeContext(root, 'reservation')).toThrow('Add the row by hand.');
    expect(existsSync(join(root, 'lambdas/contexts/reservation'))).toBe(false);
  });
});
