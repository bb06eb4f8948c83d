import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contexts } from '../../schema/contexts.ts';
import { CatalogueError, checkCatalogue } from './check-catalogue.ts';

const stream = { kind: 'stream', batchSize: 1 } as const;
const orders = { lists: ['byOpening', 'byStatus'], source: stream };
const orderFiles = [
  'lambdas/contexts/orders/context.ts',
  'lambdas/contexts/orders/read-model/projection.ts',
  'lambdas/contexts/shared.ts',
];

describe('the catalogue', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'streamfold-catalogue-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** The sentences of the error, for a project with these files. */
  const mistakes = (
    catalogue: Parameters<typeof checkCatalogue>[0],
    files: readonly string[] = orderFiles,
  ): string[] => {
    for (const file of files) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    try {
      checkCatalogue(catalogue, root);
      return [];
    } catch (error) {
      if (error instanceof CatalogueError) return error.message.split('\n');
      throw error;
    }
  };

  it('agrees with the folders of this project', () => {
    expect(() => checkCatalogue(contexts, join(import.meta.dirname, '../..'))).not.toThrow();
  });

  it('is accepted when every entry has its files and every folder its entry', () => {
    expect(mistakes({ orders })).toEqual([]);
  });

  it('cannot list a context that does not exist', () => {
    expect(mistakes({ orders, returns: { lists: [], source: stream } })).toEqual([
      'schema/contexts.ts lists the context "returns", but the folder lambdas/contexts/returns does not exist. Add it, or remove the entry.',
    ]);
  });

  it.each(['event-log', 'snapshot', 'control', 'parked'])('cannot name a context %s', (name) => {
    expect(mistakes({ orders, [name]: orders })).toContain(
      `schema/contexts.ts: "${name}" cannot name a context: the system itself uses that name. Choose another name.`,
    );
  });

  it('cannot list a context without a projection', () => {
    expect(mistakes({ orders }, ['lambdas/contexts/orders/context.ts'])).toEqual([
      'schema/contexts.ts lists the context "orders", but lambdas/contexts/orders/read-model/projection.ts does not exist. Add it, or remove the entry.',
    ]);
  });

  it('needs a projector file for a context whose source is a queue', () => {
    const work = { lists: [], source: { kind: 'queue', queue: 'todo' } } as const;
    const files = [...orderFiles, 'lambdas/contexts/work/read-model/projection.ts'];
    expect(mistakes({ orders, work }, files)).toEqual([
      'schema/contexts.ts lists the context "work", but lambdas/functions/work-projector.ts does not exist. Add it, or remove the entry.',
    ]);
    expect(mistakes({ orders, work }, ['lambdas/functions/work-projector.ts'])).toEqual([]);
  });

  it('cannot feed a queue by rules without a file of rules', () => {
    const fed = { orders: { ...orders, feeds: { todo: 'rules' } } } as const;
    expect(mistakes(fed)).toEqual([
      'schema/contexts.ts lists the context "orders", but lambdas/contexts/orders/todo-rules.ts does not exist. Add it, or remove the entry.',
    ]);
    expect(mistakes(fed, ['lambdas/contexts/orders/todo-rules.ts'])).toEqual([]);
    expect(mistakes({ orders })).toEqual([
      'lambdas/contexts/orders/todo-rules.ts has no effect: add feeds: { todo: \'rules\' } to "orders" in schema/contexts.ts, or remove the file.',
    ]);
  });

  it('cannot leave out a folder', () => {
    expect(mistakes({ orders }, [...orderFiles, 'lambdas/contexts/returns/context.ts'])).toEqual([
      'lambdas/contexts/returns has no entry in schema/contexts.ts. Add an entry "returns", or remove the folder.',
    ]);
  });

  it.each(['Orders', 'order_lines', '1st', 'orders-', 'constructor()'])(
    'cannot name a context "%s"',
    (name) => {
      expect(mistakes({ orders, [name]: orders })).toContain(
        `schema/contexts.ts: "${name}" cannot name a context. Use lower-case letters, digits and "-", and begin with a letter.`,
      );
    },
  );

  it.each(['ByOpening', 'by-opening', 'id'])('cannot name a list "%s"', (list) => {
    expect(mistakes({ orders: { ...orders, lists: [list] } })).toEqual([
      `schema/contexts.ts: "${list}" cannot name a list of orders. Use at least 3 letters and digits, and begin with a lower-case letter.`,
    ]);
  });

  it('cannot have a list twice', () => {
    expect(mistakes({ orders: { ...orders, lists: ['byOpening', 'byStatus', 'byOpening'] } })).toEqual([
      'schema/contexts.ts: orders has the list "byOpening" twice. Remove one, or rename the newer one.',
    ]);
  });
});
