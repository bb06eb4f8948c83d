import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { attemptDelaysSeconds } from './analysis-queue.ts';
import {
  AnalysisUnderTest,
  comesAgain,
  failing,
  failure,
  message,
  nothingFailed,
  recorded,
} from './analysis-under-test.fixture.ts';
import type { AnalyzeUploadsDependencies } from './analyze-uploads.ts';
import { SlowAnalysisError, UnreadablePrescriptionError } from './prescription-analyzer.ts';

const lastAttempt = attemptDelaysSeconds.length;
const away = Object.assign(new Error('The service is away.'), { name: 'ServiceUnavailableException' });
const outage = failing(away);
const unreadable = failing(new UnreadablePrescriptionError('Nothing to read.'));

let test: AnalysisUnderTest;
beforeEach(() => {
  test = new AnalysisUnderTest();
});

describe('a fault that passes', () => {
  const faults: readonly (readonly [string, Partial<AnalyzeUploadsDependencies>])[] = [
    ['the analyzer', { analyzer: { analyze: outage } }],
    ['the document store', { documents: { get: outage, keep: outage } }],
    ['the queue of findings', { findings: { send: outage } }],
  ];
  it.each(faults)('sends the upload to its queue again, for later: %s', async (_, replaced) => {
    const body = encodeCommit(await test.upload('d1'));
    const result = await test.run([message(body)], replaced);
    expect(result).toMatchObject({ response: nothingFailed, analyzed: 0, unreadable: 0, postponed: 1 });
    expect(await test.outcome('d1')).toEqual([]);
    expect(test.sentAgain).toEqual([{ body, attempt: 1, delaySeconds: 30 }]);
    expect(test.warnings).toEqual([
      [expect.any(String), { messageId: 'm1', attempt: 1, delaySeconds: 30, error: away }],
    ]);
  });

  it('of the log is the same, also if the message has no events', async () => {
    const commit = await test.upload('d1');
    const body = encodeCommit(commit, 1);
    expect(await test.run([message(body)], { log: { readCommit: outage } })).toMatchObject({ postponed: 1 });
    expect(test.sentAgain).toHaveLength(1);
    await test.run([message(body, 1)]);
    expect(await test.outcome('d1')).toEqual([recorded(commit)]);
  });

  it('is waited for a little longer each time, half an hour together', async () => {
    const body = encodeCommit(await test.upload('d1'));
    for (let attempt = 0; attempt < lastAttempt; attempt += 1) {
      test.answers = [outage];
      await test.run([message(body, attempt)]);
    }
    const delays = test.sentAgain.map(({ delaySeconds }) => delaySeconds);
    expect(test.sentAgain.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    // SQS accepts no longer delay.
    expect(Math.max(...delays)).toBe(900);
    expect(delays.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(1_800);
  });

  it('that stays is recorded as failed at the last attempt, so that people see it', async () => {
    const commit = await test.upload('d1');
    test.answers = [outage];
    expect((await test.run([message(encodeCommit(commit), lastAttempt)])).response).toEqual(nothingFailed);
    const reason =
      'The document could not be read for half an hour, because a part of the system did not work. Upload it again, or enter the drugs by hand.';
    expect(await test.outcome('d1')).toEqual([failure(commit, reason)]);
    expect(test.sentAgain).toEqual([]);
  });

  it('of time is tried once more, because a document that is too long will be too long again', async () => {
    const commit = await test.upload('d1');
    const slow = failing(new SlowAnalysisError('It took too long.'));
    test.answers = [slow, slow];
    expect(await test.run([message(encodeCommit(commit))])).toMatchObject({ postponed: 1 });
    expect(await test.outcome('d1')).toEqual([]);
    expect(await test.run([message(encodeCommit(commit), 1)])).toMatchObject({ postponed: 0, unreadable: 1 });
    const reason =
      'The document takes too long to be read. Upload the prescription alone, or enter the drugs by hand.';
    expect(await test.outcome('d1')).toEqual([failure(commit, reason)]);
  });

  it.each([
    ['more attempts than there are', '99'],
    ['no number', 'x'],
    ['a negative number', '-1'],
  ])('ends, whatever the message says of its attempt: %s', async (_, stringValue) => {
    const body = encodeCommit(await test.upload('d1'));
    test.answers = [outage];
    const record = { ...message(body), messageAttributes: { attempt: { stringValue, dataType: 'Number' } } };
    expect((await test.run([record as unknown as SQSRecord])).response).toEqual(nothingFailed);
    expect(test.sentAgain.map(({ attempt }) => attempt)).toEqual(stringValue === '99' ? [] : [1]);
  });

  it('makes the message come again if the queue accepts nothing either', async () => {
    const commit = await test.upload('d1');
    const replaced = { findings: { send: outage }, queue: { sendAgain: outage } };
    expect((await test.run([message(encodeCommit(commit))], replaced)).response).toEqual(comesAgain);
    const last = await test.run([message(encodeCommit(commit), lastAttempt)], { findings: { send: outage } });
    expect(last).toMatchObject({ response: comesAgain, postponed: 0 });
  });

  it('is a document store that does not answer', async () => {
    const body = encodeCommit(await test.upload('d1'));
    const never = () => new Promise<never>(() => undefined);
    const replaced = {
      documents: { keep: never, get: never },
      effects: { timeLimit: () => AbortSignal.timeout(1) },
    };
    expect(await test.run([message(body)], replaced)).toMatchObject({
      response: nothingFailed,
      postponed: 1,
    });
  });

  it('does not stop the other messages of the batch', async () => {
    const [first, second] = [await test.upload('d1'), await test.upload('d2')];
    test.answers = [outage];
    const { response } = await test.run([
      message(encodeCommit(first), 0, 'm1'),
      message('{', 0, 'm2'),
      message(encodeCommit(second), 0, 'm3'),
    ]);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'm2' }]);
    expect(test.sentAgain).toHaveLength(1);
    expect(await test.outcome('d2')).toEqual([recorded(second)]);
  });

  it('that comes after the function was killed records one outcome, although the message comes twice', async () => {
    const commit = await test.upload('d1');
    const body = encodeCommit(commit);
    test.answers = [outage];
    await test.run([message(body)]);
    // Killed after it was sent again: the same delivery comes again, and the other one later.
    await test.run([message(body)]);
    test.answers = [unreadable];
    await test.run([message(body, 1)]);
    expect(await test.outcome('d1')).toEqual([recorded(commit)]);
  });
});
