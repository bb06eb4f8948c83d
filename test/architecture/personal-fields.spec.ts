import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { loadContext } from '../../lambdas/contexts/load.ts';
import { type EventDefinitions, fieldsOf, personal } from '../../lambdas/kernel/index.ts';
import { aggregateNames } from '../../schema/contexts.ts';

const document = 'docs/personal-data.md';

/** By event and field, as in `Ledger:Opened name`: whether the table says that it is personal. Throws for a field with two rows. */
function decisionsIn(markdown: string): ReadonlyMap<string, boolean> {
  const decisions = new Map<string, boolean>();
  const named = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  for (const [, types, fields, isPersonal] of markdown.matchAll(
    /^\| ((?:`\w+:\w+`(?:, )?)+) \| (.+?) \| (yes|no) \|/gm,
  )) {
    for (const place of named(types).flatMap((type) => named(fields).map((field) => `${type} ${field}`))) {
      if (decisions.has(place)) throw new Error(`${document} has two rows for ${place}.`);
      decisions.set(place, isPersonal === 'yes');
    }
  }
  return decisions;
}

/** Sentences on each field whose mark is not the decision, and on each decision without a field. */
function disagreements(
  definitions: EventDefinitions,
  decisions: ReadonlyMap<string, boolean>,
): readonly string[] {
  const marks = new Map<string, boolean>();
  for (const [type, { schema }] of Object.entries<EventDefinitions[string]>(definitions))
    for (const { path, isPersonal } of fieldsOf(schema)) {
      if (path !== '') marks.set(`${type} ${path}`, isPersonal || marks.get(`${type} ${path}`) === true);
    }
  const marked = [...marks].flatMap(([place, isPersonal]) => {
    const decision = decisions.get(place);
    if (decision === undefined)
      return [`Decide whether ${place} is personal: ${document} has no row for it.`];
    const differs = `${place} is ${isPersonal ? 'marked' : 'not marked'} as personal, but ${document} differs.`;
    return decision === isPersonal ? [] : [differs];
  });
  const unknown = [...decisions.keys()].filter((place) => !marks.has(place));
  return [...marked, ...unknown.map((place) => `${document} has a row for ${place}, which does not exist.`)];
}

/** The definitions of every context. */
async function allDefinitions(): Promise<EventDefinitions> {
  const contexts = await Promise.all(aggregateNames.map(loadContext));
  return Object.assign({}, ...contexts.map(({ events }) => events));
}

describe('every field of every event', () => {
  it('is decided on: personal or not', async () => {
    const markdown = readFileSync(join(import.meta.dirname, '../..', document), 'utf8');
    expect(disagreements(await allDefinitions(), decisionsIn(markdown))).toEqual([]);
  });

  it('has another name than that of an envelope', async () => {
    const paths = Object.values(await allDefinitions()).flatMap(({ schema }) => fieldsOf(schema));
    expect(paths.filter(({ path }) => /(^|\.)enc\b/.test(path))).toEqual([]);
  });
});

describe('the table of fields', () => {
  const events: EventDefinitions = {
    'Test:A': { schema: z.strictObject({ name: personal(z.string()), count: z.int() }) },
    'Test:B': { schema: z.strictObject({ items: z.array(personal(z.string())).optional() }) },
    'Test:C': { schema: z.strictObject({}) },
  };
  const table =
    '| `Test:A` | `name` | yes | - |\n| `Test:A` | `count` | no | - |\n| `Test:B` | `items[]` | yes | - |';

  it.each<[string, string, readonly string[]]>([
    ['is complete', table, []],
    ['lacks a field', table.replace('count', 'counts'), ['no row for it', 'which does not exist']],
    ['does not have the mark', table.replace('yes', 'no'), ['Test:A name is marked as personal, but']],
    ['has a mark too many', table.replace('no', 'yes'), ['Test:A count is not marked as personal, but']],
  ])('%s', (_what, markdown, sentences) => {
    const found = disagreements(events, decisionsIn(markdown));
    expect(found).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  });

  it('has one row for a field, of one event or of several', () => {
    const shared = '| `Test:A`, `Test:B` | `at`, `by` | no | - |';
    expect([...decisionsIn(shared).keys()]).toEqual(['Test:A at', 'Test:A by', 'Test:B at', 'Test:B by']);
    expect(() => decisionsIn(`${shared}\n| \`Test:B\` | \`by\` | yes | - |`)).toThrow(
      'two rows for Test:B by',
    );
  });
});
