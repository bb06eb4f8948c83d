import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { collectionFolder, failuresOf, runCollection, runDeadlineMs } from './support/bruno-collection.ts';
import { startTestHost } from './support/test-host.ts';

const hostStartDeadlineMs = 60_000;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The requests of the collection; what else it holds are settings. */
async function requestNames(): Promise<string[]> {
  const paths = await readdir(collectionFolder, { recursive: true });
  return paths
    .filter((path) => path.endsWith('.bru') && !path.startsWith('environments'))
    .map((path) => path.replaceAll('\\', '/').replace(/\.bru$/, ''))
    .filter((path) => !['collection', 'folder'].includes(basename(path)));
}

it(
  'every request of the collection is answered by the local host as the collection says',
  async () => {
    const host = await startTestHost();
    cleanups.push(() => host.stop());
    const { exitCode, results } = await runCollection({ baseUrl: host.httpUrl, awsUrl: host.awsUrl });
    expect(results.flatMap(failuresOf)).toEqual([]);
    const unasserted = results.filter(({ assertionResults }) => assertionResults.length === 0);
    expect(unasserted.map(({ path, status }) => `${path}: ${status}`)).toEqual([]);
    expect(results.map(({ path }) => path).sort()).toEqual((await requestNames()).sort());
    expect(exitCode).toBe(0);
  },
  hostStartDeadlineMs + runDeadlineMs,
);
