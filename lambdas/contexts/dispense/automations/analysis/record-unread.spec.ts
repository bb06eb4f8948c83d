import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { type Commit, type Observer, silentObserver } from '../../../../kernel/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../../dispense-under-test.fixture.ts';
import { findingRecords } from './analyze-and-record.fixture.ts';
import { certainReading } from './reading.fixture.ts';
import { recordAnalyses } from './record-analyses.ts';

const unreadQueueArn = 'arn:aws:sqs:us-east-1:000000000000:unread';
const reason = 'The document could not be read. Upload a better picture, or enter the drugs by hand.';

let api: DispenseUnderTest;
let id: string;
let commit: Commit;
let warnings: unknown[];

beforeEach(async () => {
  api = dispenseUnderTest();
  warnings = [];
  id = await api.start();
  await api.upload(id, Buffer.from('Drug 1 mg'));
  commit = (await commitsOf(id)).at(-1) as Commit;
});

const commitsOf = async (one: string) => (await Array.fromAsync(api.log.read(`dispense/${one}`))).flat();
/** The events after the upload. */
const recorded = async () => (await api.eventsOf(id)).slice(2);
const failure = () => ['Dispense:AnalysisFailed', { uploadEventId: commit.events[0]?.id, reason }];

function deliver(bodies: readonly string[], source = unreadQueueArn, handler = api.handler) {
  const observer: Observer = { ...silentObserver, warn: (...warning) => warnings.push(warning) };
  const records = findingRecords(bodies).map(
    (record) => ({ ...record, eventSourceARN: source }) as SQSRecord,
  );
  return recordAnalyses(records, {
    log: api.log,
    keys: api.keys,
    handler,
    observer,
    now: () => api.clock.now,
    unreadQueueArn,
  });
}

const nothingFailed = { batchItemFailures: [] };
const comesAgain = { batchItemFailures: [{ itemIdentifier: 'f0' }] };

describe('an upload that the analyzer did not finish', () => {
  it('is recorded as failed, with the upload as cause, and a person is told', async () => {
    expect(await deliver([encodeCommit(commit)])).toEqual({
      response: nothingFailed,
      unread: 1,
      correlationIds: [commit.correlationId],
    });
    expect(await recorded()).toEqual([failure()]);
    expect((await commitsOf(id)).at(-1)).toMatchObject({
      causationId: commit.events[0]?.id,
      actor: 'urn:streamfold:system prescription-analyzer',
    });
    expect(warnings).toHaveLength(1);
  });

  it('is recorded once, if the message comes twice or if a finding comes too', async () => {
    const { stream, version, events } = commit;
    const outcome = { type: 'read', reading: certainReading };
    const finding = JSON.stringify({ stream, version, uploadEventId: events[0]?.id, outcome });
    await deliver([encodeCommit(commit)]);
    await deliver([encodeCommit(commit)]);
    expect((await deliver([finding], 'arn:findings')).response).toEqual(nothingFailed);
    expect(await recorded()).toEqual([failure()]);
  });

  it('changes nothing if what the analyzer found is recorded', async () => {
    const { stream, version, events } = commit;
    const outcome = { type: 'failed', reason: 'The document has no text.' };
    const finding = JSON.stringify({ stream, version, uploadEventId: events[0]?.id, outcome });
    await deliver([finding], 'arn:findings');
    expect((await deliver([encodeCommit(commit)])).response).toEqual(nothingFailed);
    expect(await recorded()).toMatchObject([
      ['Dispense:AnalysisFailed', { reason: 'The document has no text.' }],
    ]);
  });

  it('changes nothing if a newer document has replaced it', async () => {
    await api.upload(id, Buffer.from('Drug 2 mg'));
    expect((await deliver([encodeCommit(commit)])).response).toEqual(nothingFailed);
    expect((await recorded()).map(([type]) => type)).toEqual(['Dispense:PrescriptionUploaded']);
  });

  it('is found in the log, because the analyzer may send such a message too', async () => {
    const [event] = commit.events;
    const forged = { ...commit, events: [{ ...event, id: 'forged', data: { key: 'forged' } }] } as Commit;
    await deliver([encodeCommit(forged)]);
    expect(await recorded()).toEqual([failure()]);
    const notification = encodeCommit({ ...commit, events: [] });
    expect((await deliver([notification])).response).toEqual(nothingFailed);
  });

  it.each([
    ['no commit', () => '{'],
    [
      'a finding',
      () => JSON.stringify({ stream: commit.stream, version: 2, uploadEventId: 'e', outcome: {} }),
    ],
    ['a commit that the log does not have', () => encodeCommit({ ...commit, version: 9 })],
  ])('comes again, and is kept for a person after its last delivery, if it is %s', async (_, body) => {
    expect(await deliver([body()])).toMatchObject({ response: comesAgain, unread: 0 });
    expect(await recorded()).toEqual([]);
  });

  it('comes again after a crash between the commit and the answer to the queue', async () => {
    const handle: typeof api.handler.handle = async (...call) => {
      await api.handler.handle(...call);
      throw new Error('The connection is lost.');
    };
    const lost = Object.assign(Object.create(api.handler), { handle });
    expect((await deliver([encodeCommit(commit)], unreadQueueArn, lost)).response).toEqual(comesAgain);
    expect((await deliver([encodeCommit(commit)])).response).toEqual(nothingFailed);
    expect(await recorded()).toEqual([failure()]);
  });

  it('is nothing to do if the message is a commit of another context, or one without an upload', async () => {
    const other = encodeCommit({ ...commit, stream: 'ledger/a', events: [] });
    const [started] = await commitsOf(id);
    expect((await deliver([other, encodeCommit(started as Commit)])).response).toEqual(nothingFailed);
    expect(await recorded()).toEqual([]);
  });
});
