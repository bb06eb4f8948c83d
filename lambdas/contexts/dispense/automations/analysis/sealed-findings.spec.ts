import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Commit, silentObserver } from '../../../../kernel/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import {
  AnalysisUnderTest,
  comesAgain,
  message,
  nothingFailed,
  recorded,
} from './analysis-under-test.fixture.ts';
import { findingRecords } from './analyze-and-record.fixture.ts';
import { certainDrug, certainReading } from './reading.fixture.ts';
import { recordFindings } from './record-findings.ts';

const drug = { ...certainDrug, name: 'Quackenbushol', directions: 'for Wilhelmine' };
const reading = { ...certainReading, drugs: [drug] };

let test: AnalysisUnderTest;
let commit: Commit;
let sent: string[];
beforeEach(async () => {
  test = new AnalysisUnderTest();
  commit = await test.upload('d1');
  sent = [];
});

/** Delivers the upload to the analyzer only. */
async function analyze(upload = commit, attempt = 0) {
  test.answers = [() => reading];
  return await test.run([message(encodeCommit(upload), attempt)], {
    findings: { send: async (text) => void sent.push(text) },
  });
}

/** Delivers findings to the recorder. */
const record = (...findings: readonly string[]) =>
  recordFindings(findingRecords(findings), {
    log: test.log,
    keys: test.keys,
    handler: test.handler,
    observer: { ...silentObserver, warn: (...warning) => test.warnings.push(warning) },
    now: () => '2026-05-01T12:00:00.000Z',
  });

const finding = () => JSON.parse(sent[0] ?? '{}');

describe('a finding in the queue', () => {
  it('has nothing of the reading in clear, and is recorded as it was read', async () => {
    await analyze();
    expect(finding().outcome).toEqual({ type: 'sealed', reading: expect.objectContaining({ v: 1 }) });
    for (const text of ['Quackenbushol', 'Wilhelmine', 'embedded']) expect(sent[0]).not.toContain(text);
    expect(await record(...sent)).toMatchObject({ response: nothingFailed });
    const { data } = recorded(commit);
    expect(await test.outcome('d1')).toMatchObject([
      { type: 'Dispense:PrescriptionAnalyzed', data: { ...data, drugs: [drug] } },
    ]);
  });

  it('is refused in the place of another upload, of the same dispense or of another', async () => {
    await analyze();
    const later = await test.uploadAgain('d1');
    const other = await test.upload('d2');
    for (const { stream, version, events } of [later, other]) {
      const moved = { ...finding(), stream, version, uploadEventId: events[0]?.id };
      expect((await record(JSON.stringify(moved))).response.batchItemFailures).toHaveLength(1);
    }
    expect(await test.outcome('d2')).toEqual([]);
    expect(JSON.stringify(test.warnings)).toContain('ForeignCiphertext');
  });

  it('is refused if its ciphertext is no reading', async () => {
    const key = await test.keys.create('dispense/d1');
    const place = { eventId: commit.events[0]?.id ?? '', path: 'finding' };
    await analyze();
    for (const value of [{}, { ...reading, confidence: 2 }, 'text', null]) {
      const outcome = { type: 'sealed', reading: key.encrypt('dispense/d1', place, value) };
      const forged = JSON.stringify({ ...finding(), outcome });
      expect((await record(forged)).response.batchItemFailures).toHaveLength(1);
    }
    expect(await test.outcome('d1')).toEqual([]);
  });

  it.each([
    ['malformed', { enc: 'a b', key: 'k', v: 1 }],
    ['no envelope', { drugs: [] }],
    ['of another version', { enc: 'aa', key: 'k', v: 2 }],
  ])('is refused with a reading that is %s', async (_what, sealed) => {
    await analyze();
    const forged = JSON.stringify({ ...finding(), outcome: { type: 'sealed', reading: sealed } });
    expect((await record(forged)).response.batchItemFailures).toHaveLength(1);
  });

  it('in the plain form of the release before is recorded, or fails if it has more than can be encrypted', async () => {
    await analyze();
    const plain = { ...finding(), outcome: { type: 'read', reading } };
    await record(JSON.stringify(plain));
    expect(await test.outcome('d1')).toMatchObject([{ type: 'Dispense:PrescriptionAnalyzed' }]);
    const second = await test.upload('d2');
    const large = { ...reading, notUnderstood: Array(5_000).fill('ab') };
    const { stream, version, events } = second;
    const of = { stream, version, uploadEventId: events[0]?.id };
    await record(JSON.stringify({ ...of, outcome: { type: 'read', reading: large } }));
    expect(await test.outcome('d2')).toMatchObject([{ type: 'Dispense:AnalysisFailed' }]);
  });
});

describe('a dispense that is erased meanwhile', () => {
  it('is not read: the message is done', async () => {
    test.keys.destroy('dispense/d1');
    expect(await analyze()).toMatchObject({ response: nothingFailed, analyzed: 0, unreadable: 0 });
    expect([test.analyzed, sent]).toEqual([[], []]);
    expect(test.warnings).toEqual([
      [expect.stringContaining('erased'), { uploadEventId: expect.any(String) }],
    ]);
  });

  it('records no finding that is on its way: the message is done', async () => {
    await analyze();
    test.keys.destroy('dispense/d1');
    expect(await record(...sent)).toMatchObject({ response: nothingFailed, handled: 1 });
    expect(await test.outcome('d1')).toEqual([]);
  });
});

describe('while the keys cannot be read', () => {
  const outage = Object.assign(new Error('Too slow.'), { name: 'TimeoutError' });

  it('an upload is analyzed later, and fails after half an hour', async () => {
    test.keys.outage = outage;
    expect(await analyze()).toMatchObject({ response: nothingFailed, postponed: 1 });
    expect([test.analyzed, sent]).toEqual([[], []]);
    expect(await analyze(commit, 6)).toMatchObject({ response: nothingFailed, unreadable: 1 });
    expect(finding().outcome).toMatchObject({
      type: 'failed',
      reason: expect.stringContaining('half an hour'),
    });
  });

  it('a finding comes again', async () => {
    await analyze();
    test.keys.outage = outage;
    expect((await record(...sent)).response).toEqual({ batchItemFailures: [{ itemIdentifier: 'f0' }] });
    test.keys.outage = undefined;
    expect((await record(...sent)).response).not.toEqual(comesAgain);
    expect(await test.outcome('d1')).toHaveLength(1);
  });
});

it('an upload of an earlier release is in clear, so its finding may be: it has no key', async () => {
  test.keys.destroy('dispense/d1');
  const [event] = commit.events;
  const plain = { ...commit, events: [{ ...event, data: { ...event?.data, sha256: 'aa' } }] } as Commit;
  await analyze(plain);
  expect(finding().outcome).toMatchObject({ type: 'read' });
});

it('an analysis that the queue delivers twice is recorded once', async () => {
  await analyze();
  await record(...sent, ...sent);
  expect(await test.outcome('d1')).toHaveLength(1);
});
