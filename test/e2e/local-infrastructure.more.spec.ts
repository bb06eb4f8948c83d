import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Host } from '../../tools/host/host.ts';
import { infrastructureAt } from '../support/aws-cli.ts';
import { expectTheStacksInfrastructure } from '../support/expected-infrastructure.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { startTestHost } from '../support/test-host.ts';

const deadlineMs = 60_000;

describeWithPython('the local host seen by the AWS CLI', () => {
  let host: Host;
  let python: string;

  beforeAll(async () => {
    python = await installedPython();
    host = await startTestHost();
  }, installDeadlineMs + deadlineMs);
  afterAll(() => host?.stop());

  it(
    'has the tables, streams, functions, buckets and queues of the stack',
    async () => {
      const found = await infrastructureAt(host.awsUrl, python);
      expect(found.tables.length).toBeGreaterThan(0);
      expectTheStacksInfrastructure(found);
    },
    deadlineMs,
  );
});
