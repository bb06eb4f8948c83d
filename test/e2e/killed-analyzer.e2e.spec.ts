import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  photoOf,
  prescriptionLines,
} from '../../lambdas/contexts/dispense/automations/analysis/prescription-photo.fixture.ts';
import { type AwsClient, awsClient } from '../../tools/host/aws-json.ts';
import { httpClient } from '../support/http-client.ts';
import { readersOf } from '../support/reader-processes.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const analyzer = 'streamfold-local-prescription-analyzer';
const deadlineMs = 150_000;

interface Analysis {
  readonly outcome: string;
  readonly reason?: string;
}

/** Reading a picture takes seconds, so that there is time to kill the reader or the whole function. */
describe('an analysis that is killed', () => {
  const photo = photoOf(prescriptionLines);
  let host: TestHost;
  let sqs: AwsClient;
  const call = httpClient(() => host.httpUrl);

  beforeAll(async () => {
    host = await startTestHost();
    sqs = awsClient(host.awsUrl, 'sqs');
  }, 60_000);
  afterAll(() => host?.stop());

  /** A new dispense with the picture. Returns its id. */
  async function upload(): Promise<string> {
    const { body } = await call('POST', '/dispenses', {});
    const id = String(body['id']);
    const uploaded = await fetch(`${host.httpUrl}/dispenses/${id}/prescription`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(photo),
    });
    expect(uploaded.status).toBe(200);
    return id;
  }

  const analysisOf = async (id: string): Promise<Analysis | undefined> => {
    const { body } = await call('GET', `/dispenses/${id}`);
    return (body['prescription'] as { analysis?: Analysis } | undefined)?.analysis;
  };
  const isKnown = (analysis: Analysis | undefined) => analysis !== undefined;
  const openItems = async (id: string) => {
    const path = `/todos?subject=dispense/${id}&kind=review-analysis`;
    return (await call('GET', path)).body['items'] as { status: string }[];
  };

  /** Waits for a process that reads, and kills it. */
  async function killReader(other?: number): Promise<number> {
    const isNew = (pid: number) => pid !== other;
    const readers = await until(
      () => readersOf(process.pid),
      (pids) => pids.some(isNew),
      deadlineMs,
    );
    const pid = readers.find(isNew) as number;
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  it(
    'in its reader, is tried once more and then read',
    async () => {
      const id = await upload();
      await killReader();
      expect(await until(() => analysisOf(id), isKnown, deadlineMs)).toMatchObject({ outcome: 'analyzed' });
    },
    2 * deadlineMs,
  );

  it(
    'in its reader, twice, fails, and a person is asked',
    async () => {
      const id = await upload();
      await killReader(await killReader());
      const analysis = await until(() => analysisOf(id), isKnown, deadlineMs);
      expect(analysis).toMatchObject({ outcome: 'failed' });
      expect(
        await until(
          () => openItems(id),
          ({ length }) => length === 1,
        ),
      ).toMatchObject([{ status: 'open' }]);
      expect(await readersOf(process.pid)).toEqual([]);
    },
    3 * deadlineMs,
  );

  it(
    'as a whole, twice, is recorded as failed by another function, and a person is asked',
    async () => {
      await hideReceivedFor(3);
      const id = await upload();
      let killed = 0;
      const analysis = await until(
        async () => {
          if ((await readersOf(process.pid)).length > 0) killed += await host.killRunning(analyzer);
          return analysisOf(id);
        },
        isKnown,
        deadlineMs,
      );
      expect(analysis).toMatchObject({
        outcome: 'failed',
        reason: 'The document could not be read. Upload a better picture, or enter the drugs by hand.',
      });
      expect(killed).toBeGreaterThanOrEqual(2);
      expect(
        await until(
          () => openItems(id),
          ({ length }) => length === 1,
        ),
      ).toMatchObject([{ status: 'open' }]);
      // The end of the function is the end of what it started.
      await until(
        () => readersOf(process.pid),
        ({ length }) => length === 0,
      );
      const { body } = await call('GET', '/health');
      const queues = body['queues'] as { name: string; waiting: number; givenUp: number }[];
      expect(queues.filter(({ name }) => ['analysis', 'unread'].includes(name))).toMatchObject([
        { waiting: 0, givenUp: 0 },
        { waiting: 0, givenUp: 0 },
      ]);
    },
    2 * deadlineMs,
  );

  /** How long the queue of uploads hides what it has delivered: less than on AWS, where nothing is killed on purpose. */
  async function hideReceivedFor(seconds: number): Promise<void> {
    const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    const QueueUrl = QueueUrls.find((url) => /AnalysisQueue[0-9A-F]{8}$/.test(url));
    await sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } });
  }
});
