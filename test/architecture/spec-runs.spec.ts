import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { specsOnDynamoDB } from '../dynamodb-local/project.ts';

const root = join(import.meta.dirname, '../..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const isOfDynamoDBLocal = (path: string) => path.endsWith('.aws.spec.ts');

it('every spec runs in `npm test`, `npm run test:more` or `npm run test:jaeger`, and in one of them only', async () => {
  const everywhere = globSync('**/*.spec.{ts,mts,cts,tsx,js,mjs,cjs}', {
    cwd: root,
    exclude: (path) => /(^|[\\/])(node_modules|\.[^\\/]*|dist|cdk\.out|coverage)$/.test(path),
  }).map((path) => path.replaceAll(sep, '/'));
  const quick = await listed('jest.config.ts', 'streamfold');
  const more = await listed('jest.more.config.ts', 'more');
  const onJaeger = await listed('jest.jaeger.config.ts', 'jaeger');
  // These run in the second project of `npm run test:more`, if the machine has DynamoDB Local.
  const onDynamoDBLocal = specsOnDynamoDB().filter(isOfDynamoDBLocal);
  expect([...quick, ...more, ...onJaeger, ...onDynamoDBLocal].sort()).toEqual(everywhere.sort());
  expect(more).toContain('test/e2e/deploy.more.spec.ts');
});

/** The paths, from the root, of the specs that Jest finds. */
async function listed(config: string, project: string): Promise<string[]> {
  const options = ['--config', config, '--selectProjects', project, '--listTests', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [jest, ...options], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  });
  const line = stdout.split('\n').findLast((text) => text.startsWith('['));
  return (JSON.parse(line ?? '[]') as string[]).map((path) => relative(root, path).replaceAll(sep, '/'));
}
