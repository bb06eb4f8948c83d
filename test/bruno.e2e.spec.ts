import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Host } from '../local/host.ts';
import { runCollection, runDeadlineMs } from './support/bruno.ts';
import { startTestHost } from './support/test-host.ts';

const hostStartDeadlineMs = 60_000;
let host: Host;

beforeAll(async () => {
  host = await startTestHost();
}, hostStartDeadlineMs);
afterAll(() => host?.stop());

it(
  'every request of the collection is answered by the local host as the collection says',
  async () => {
    const variables = { baseUrl: host.httpUrl, awsUrl: host.awsUrl };
    expect(await runCollection({ environment: 'local', variables })).toEqual([]);
  },
  runDeadlineMs + 10_000,
);
