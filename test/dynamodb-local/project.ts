import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { jarsFolder } from '../../tools/host/engines/dynamodb/jars.ts';
import { requireJdk } from '../../tools/host/engines/dynamodb/java.ts';
import { messageOf, UserError } from '../../tools/host/user-error.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Specs that compare an engine's answers in every detail. DynamoDB Local differs in details that no adapter uses: it adds the consumed
 * capacity, keeps a number as it was written, has no last key on a page that ends with the last item, and refuses one transaction with
 * two operations on an item in another way.
 */
const ofOneEngine = ['test/simulation/services/dynamodb/like-the-engine.int.spec.ts'];

/** The paths, from the root, of all specs that start a DynamoDB of their own. They run on DynamoDB Local too. */
export function specsOnDynamoDB(): string[] {
  return globSync('{lambdas,lib,tools,test}/**/*.spec.ts', { cwd: root })
    .filter((path) => readFileSync(join(root, path), 'utf8').includes("/support/test-dynamodb.ts'"))
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !ofOneEngine.includes(path))
    .sort();
}

/** Why this machine cannot run specs on DynamoDB Local, and what to do about it; undefined when it can. */
export function whyLeftOut(): string | undefined {
  try {
    requireJdk();
  } catch (error) {
    if (error instanceof UserError) return `the specs on AWS's own engine. ${messageOf(error)}`;
    throw error;
  }
  if (existsSync(jarsFolder())) return undefined;
  return "the specs on AWS's own engine. npm run test:dynamodb-local fetches it, or says why it cannot.";
}
