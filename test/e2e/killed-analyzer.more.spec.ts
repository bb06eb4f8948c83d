import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsClient } from '../../tools/host/aws-json.ts';
import { httpClient } from '../support/http-client.ts';
import { readersOf } from '../support/reader-processes.ts';
import { SlowAnalysis, unread } from '../support/slow-analysis.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const analyzer = 'streamfold-local-prescription-analyzer';
const deadlineMs = 150_000;

describe('an analysis that hangs or is killed', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost();
  }, 60_000);
  afterAll(() => host?.stop());

  const readers = () => readersOf(process.pid);

  /** Waits for a process that reads, and kills it. */
  async function killReader(other?: number): Promise<number> {
    const isNew = ({ pid }: { readonly pid: number }) => pid !== other;
    const found = await until(readers, (all) => all.some(isNew), deadlineMs);
    const pid = found.find(isNew)?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  it(
    'in its reader, is tried once more and then read',
    async () => {
      const analysis = await SlowAnalysis.begin(host.httpUrl);
      await killReader();
      expect(await analysis.result(deadlineMs)).toMatchObject({ outcome: 'analyzed' });
    },
    2 * deadlineMs,
  );

  it(
    'in its reader, twice, fails, and a person is asked',
    async () => {
      const analysis = await SlowAnalysis.begin(host.httpUrl);
      await killReader(await killReader());
      expect(await analysis.result(deadlineMs)).toMatchObject({ outcome: 'failed' });
      await analysis.expectReview();
      expect(await readers()).toEqual([]);
    },
    3 * deadlineMs,
  );

  it(
    'holds up no other document while it hangs',
    async () => {
      const hanging = await SlowAnalysis.begin(host.httpUrl);
      const [reader = { pid: 0 }] = await until(readers, ({ length }) => length > 0, deadlineMs);
      process.kill(reader.pid, 'SIGSTOP');
      try {
        const other = await SlowAnalysis.begin(host.httpUrl);
        expect(await other.result(deadlineMs)).toMatchObject({ outcome: 'analyzed' });
        expect(await readers()).toEqual([reader]);
      } finally {
        process.kill(reader.pid, 'SIGCONT');
      }
      expect(await hanging.result(deadlineMs)).toMatchObject({ outcome: 'analyzed' });
    },
    3 * deadlineMs,
  );

  it(
    'as a whole, twice, is recorded as failed by another function, and a person is asked',
    async () => {
      await hideReceivedFor(3);
      const analysis = await SlowAnalysis.begin(host.httpUrl);
      let killed = 0;
      const result = await analysis.result(deadlineMs, async () => {
        if ((await readers()).length > 0) killed += await host.killRunning(analyzer);
      });
      expect(result).toMatchObject(unread);
      expect(killed).toBeGreaterThanOrEqual(2);
      await analysis.expectReview();
      // The end of the function is the end of what it started.
      await until(readers, ({ length }) => length === 0);
      expect(await depths()).toMatchObject([
        { name: 'analysis', waiting: 0, givenUp: 0 },
        { name: 'unread', waiting: 0, givenUp: 0 },
      ]);
    },
    2 * deadlineMs,
  );

  const depths = async () => {
    const { body } = await httpClient(() => host.httpUrl)('GET', '/health');
    const queues = body['queues'] as { name: string }[];
    return queues.filter(({ name }) => ['analysis', 'unread'].includes(name));
  };

  /** How long the queue of uploads hides what it has delivered. On AWS it is longer than any analysis. */
  async function hideReceivedFor(seconds: number): Promise<void> {
    const sqs = awsClient(host.awsUrl, 'sqs');
    const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    const QueueUrl = QueueUrls.find((url) => /AnalysisQueue[0-9A-F]{8}$/.test(url));
    await sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } });
  }
});
