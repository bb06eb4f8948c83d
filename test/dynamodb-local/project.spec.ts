import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { specsOnDynamoDB } from './project.ts';

const root = join(import.meta.dirname, '../..');
/** Contracts of things that are not stored in DynamoDB. */
const elsewhere = [
  'document-store.contract.ts',
  'recorded-events.contract.ts',
  'recorded-rows.contract.ts',
  'tracing.contract.ts',
];

it('every contract suite runs on DynamoDB Local', () => {
  const texts = specsOnDynamoDB().map((path) => readFileSync(join(root, path), 'utf8'));
  // A contract may be made of others.
  const ofContracts = globSync('lambdas/**/*.contract.ts', { cwd: root })
    .filter((path) => texts.some((text) => text.includes(`/${basename(path)}'`)))
    .map((path) => readFileSync(join(root, path), 'utf8'));
  const contracts = globSync('lambdas/**/*.contract.ts', { cwd: root })
    .map((path) => basename(path))
    .filter((name) => !elsewhere.includes(name));
  expect(contracts).toContain('event-log.contract.ts');
  expect(
    contracts.filter((name) => ![...texts, ...ofContracts].some((text) => text.includes(`/${name}'`))),
  ).toEqual([]);
});
