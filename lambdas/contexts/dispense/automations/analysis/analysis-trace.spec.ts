import type { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Observer, parseTraceparent, silentObserver } from '../../../../kernel/index.ts';
import { recordingObserver, traceparentIn } from '../../../../kernel/testing/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { AnalysisUnderTest, comesAgain, failing, message, now } from './analysis-under-test.fixture.ts';
import { findingRecords } from './analyze-and-record.fixture.ts';
import { SlowAnalysisError } from './prescription-analyzer.ts';
import { recordAnalyses } from './record-analyses.ts';
import { SqsFindings } from './sqs-findings.ts';

const unreadQueueArn = 'arn:aws:sqs:us-east-1:000000000000:unread';
const away = Object.assign(new Error('The model is away.'), { name: 'ServiceUnavailableException' });
/** The context of the command of the upload, and that of the message that publishes it. */
const ofCommand = traceparentIn('a', 'c');
const published = traceparentIn('a', 'd');

let test: AnalysisUnderTest;
let recording: ReturnType<typeof recordingObserver>;
beforeEach(() => {
  test = new AnalysisUnderTest();
  recording = recordingObserver();
  test.traceparent = ofCommand;
});

/** Uploads a prescription, and returns the message of its commit. */
async function uploaded(id = 'a', attempt = 0) {
  const commit = await test.upload(id);
  return message(encodeCommit({ ...commit, traceparent: published }), attempt);
}

/** The context that the commit of the outcome carries. */
const recordedIn = async (id = 'a') => (await test.commitsOf(id))[2]?.traceparent;

const about = (consumer: string) =>
  JSON.stringify([{ stream: 'dispense/a', commits: ['dispense/a@2'], consumer }]);

describe('an analysis that is traced', () => {
  it('is in the trace of the upload, up to the commit of its outcome', async () => {
    await test.run([await uploaded()], { observer: recording.observer });
    expect(recording.take()).toEqual([
      `1 analyze ${about('prescription-analyzer')}`,
      `2 record ${about('prescription-recorder')}`,
    ]);
    expect(await recordedIn()).toBe(traceparentIn('a', '2'));
  });

  it('that fails for now shows the next attempt', async () => {
    test.answers = [failing(new SlowAnalysisError('slow'))];
    const record = await uploaded();
    await test.run([record], { observer: recording.observer });
    expect(recording.take()).toEqual([
      `1 analyze ${about('prescription-analyzer')}`,
      '1 · retry {"attempt":1,"delaySeconds":30}',
      '1 fails: SlowAnalysisError',
    ]);
    // The body has the context, so the next attempt is in the same trace.
    expect(test.sentAgain[0]?.body).toBe(record.body);
  });

  it.each([
    ['a defect', 0, new TypeError('Jane Doe'), 'TypeError'],
    ['an outage that lasts', 6, away, away.name],
  ])('that fails for good because of %s shows it', async (_, attempt, fault, reason) => {
    test.answers = [failing(fault)];
    await test.run([await uploaded('a', attempt)], { observer: recording.observer });
    expect(recording.take()[1]).toBe(`1 fails: ${reason}`);
  });

  it('of an upload without a trace is a step all the same', async () => {
    test.traceparent = undefined;
    const commit = await test.upload('a');
    await test.run([message(encodeCommit(commit))], { observer: recording.observer });
    expect(recording.take()[0]).toBe(`1 analyze ${about('prescription-analyzer')}`);
  });
});

describe('an analysis that only the caller traces', () => {
  it('hands on the context of the message', async () => {
    await test.run([await uploaded()], { observer: silentObserver });
    expect(await recordedIn()).toBe(published);
  });

  it('has no context if the caller had none', async () => {
    test.traceparent = undefined;
    const commit = await test.upload('a');
    await test.run([message(encodeCommit(commit))], { observer: silentObserver });
    expect(await test.commitsOf('a')).toHaveLength(3);
    expect(await recordedIn()).toBeUndefined();
  });
});

describe('a finding', () => {
  async function record(traceparent: string | undefined, observer: Observer) {
    const commit = await test.upload('a');
    const { stream, version, events } = commit;
    const outcome = { type: 'failed', reason: 'The document has no text.' };
    const body = JSON.stringify({ stream, version, uploadEventId: events[0]?.id, outcome });
    return deliver([{ body, traceparent }], 'arn:findings', observer);
  }

  it.each([undefined, '', 'x', `${published},${published}`, published.replace('00-', 'ff-')])(
    'with the attribute %j is in the trace of its upload, as the log says',
    async (traceparent) => {
      await record(traceparent, silentObserver);
      expect(await recordedIn()).toBe(ofCommand);
    },
  );

  it('with a valid attribute continues it', async () => {
    await record(traceparentIn('b'), recording.observer);
    expect(await recordedIn()).toBe(traceparentIn('b', '1'));
  });

  it('is sent with its context as an attribute', async () => {
    const inputs: unknown[] = [];
    const client = { send: async ({ input }: { input: unknown }) => void inputs.push(input) };
    const findings = new SqsFindings(client as unknown as SQSClient, 'https://queue');
    await findings.send('{}', published);
    await findings.send('{}');
    expect(inputs).toEqual([
      {
        QueueUrl: 'https://queue',
        MessageBody: '{}',
        MessageAttributes: { traceparent: { DataType: 'String', StringValue: published } },
      },
      { QueueUrl: 'https://queue', MessageBody: '{}' },
    ]);
  });
});

describe('an upload that the analyzer did not finish', () => {
  it('is recorded in the trace that the log says, because the message is not trusted', async () => {
    const commit = await test.upload('a');
    const body = encodeCommit({ ...commit, traceparent: traceparentIn('b') });
    await deliver([body], unreadQueueArn, recording.observer);
    expect(recording.take()).toEqual([`1 record ${about('prescription-recorder')}`]);
    expect(parseTraceparent(await recordedIn())?.traceId).toBe(parseTraceparent(ofCommand)?.traceId);
  });

  it('of which the message is no commit comes again, in no step', async () => {
    const { response } = await deliver(['Jane Doe'], unreadQueueArn, recording.observer);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'f0' }] });
    expect(await test.run([message('Jane Doe')], { observer: recording.observer })).toMatchObject({
      response: comesAgain,
    });
    expect(recording.take()).toEqual([]);
  });
});

function deliver(messages: Parameters<typeof findingRecords>[0], eventSourceARN: string, observer: Observer) {
  const records = findingRecords(messages).map((one) => ({ ...one, eventSourceARN }));
  const { log, keys, handler } = test;
  return recordAnalyses(records, { log, keys, handler, observer, now: () => now, unreadQueueArn });
}
