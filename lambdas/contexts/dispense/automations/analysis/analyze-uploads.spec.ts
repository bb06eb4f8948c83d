import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Commit } from '../../../../kernel/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import type { PrescriptionDocument } from '../../documents/document-store.ts';
import {
  AnalysisUnderTest,
  comesAgain,
  document,
  failing,
  failure,
  message,
  nothingFailed,
  now,
  recorded,
} from './analysis-under-test.fixture.ts';
import { UnreadablePrescriptionError } from './prescription-analyzer.ts';
import { certainDrug, certainReading } from './reading.fixture.ts';

const unreadable = failing(new UnreadablePrescriptionError('Nothing to read.'));

let test: AnalysisUnderTest;
beforeEach(() => {
  test = new AnalysisUnderTest();
});

describe('an upload', () => {
  it('is analyzed and kept, and its drugs are recorded with the upload event as cause', async () => {
    const commit = await test.upload('d1');
    expect(await test.run([message(encodeCommit(commit))])).toEqual({
      response: nothingFailed,
      analyzed: 1,
      unreadable: 0,
      postponed: 0,
      correlationIds: ['correlation-2'],
      recorded: { response: nothingFailed, handled: 1, correlationIds: ['correlation-2'] },
    });
    expect(test.analyzed).toEqual([[{ ...document, bytes: Uint8Array.from(document.bytes) }]]);
    expect([...test.documents.statuses.values()]).toEqual(['kept']);
    expect(await test.outcome('d1')).toEqual([recorded(commit)]);
    expect((await test.commitsOf('d1')).at(-1)).toMatchObject({
      causationId: commit.events[0]?.id,
      correlationId: 'correlation-2',
      actor: 'urn:streamfold:system prescription-analyzer',
      committedAt: now,
    });
  });

  it('of a further page is analyzed and kept with all earlier pages, in their order', async () => {
    const page = (text: string): PrescriptionDocument => ({
      contentType: 'text/plain',
      bytes: Uint8Array.from(Buffer.from(text)),
    });
    await test.upload('d1');
    await test.uploadAgain('d1', page('second'));
    const commit = await test.uploadAgain('d1', page('third'));
    await test.run([message(encodeCommit(commit))]);
    expect(test.analyzed.map((pages) => pages.map(({ bytes }) => Buffer.from(bytes).toString()))).toEqual([
      ['Drug 1 mg', 'second', 'third'],
    ]);
    expect([...test.documents.statuses.values()]).toEqual(['kept', 'kept', 'kept']);
  });

  it('that is unreadable is recorded as failed, with the reason', async () => {
    const commit = await test.upload('d1');
    test.answers = [unreadable];
    expect(await test.run([message(encodeCommit(commit))])).toMatchObject({
      response: nothingFailed,
      analyzed: 0,
      unreadable: 1,
    });
    expect(await test.outcome('d1')).toEqual([failure(commit, 'Nothing to read.')]);
    expect([...test.documents.statuses.values()]).toEqual(['kept']);
  });

  it.each([
    ['a name', { ...certainDrug, name: 'n'.repeat(201) }],
    ['a quantity', { ...certainDrug, quantity: 100_001 }],
  ])('with a drug that has %s above the limit is recorded as failed', async (_, large) => {
    const commit = await test.upload('d1');
    test.answers = [() => ({ ...certainReading, drugs: [large] })];
    expect((await test.run([message(encodeCommit(commit))])).unreadable).toBe(1);
    const reason =
      'The document has more, or longer, parts than a reading can hold. Enter the drugs by hand.';
    expect(await test.outcome('d1')).toEqual([failure(commit, reason)]);
  });

  it('whose document is gone is recorded as failed', async () => {
    const commit = await test.upload('d1');
    for (const key of test.documents.statuses.keys()) await test.documents.discard(key);
    expect((await test.run([message(encodeCommit(commit))])).response).toEqual(nothingFailed);
    expect(await test.outcome('d1')).toEqual([
      failure(commit, 'The document no longer exists. Upload it again.'),
    ]);
  });

  it('that meets a defect is recorded as failed at once, because another attempt would meet it too', async () => {
    const commit = await test.upload('d1');
    test.answers = [failing(new TypeError('secret drug is not a function'))];
    expect(await test.run([message(encodeCommit(commit))])).toMatchObject({
      response: nothingFailed,
      unreadable: 1,
    });
    const reason =
      'The document could not be read, because of a fault of the system or of the document. Upload another picture, or enter the drugs by hand.';
    expect(await test.outcome('d1')).toEqual([failure(commit, reason)]);
    expect(test.sentAgain).toEqual([]);
    const [[, context]] = test.warnings as [[string, object]];
    expect(context).toMatchObject({
      fault: 'TypeError',
      stack: expect.stringContaining('analyze-uploads.spec'),
    });
    // The message may quote the document.
    expect(JSON.stringify(test.warnings)).not.toContain('secret drug');
  });

  it('is read from the log if the message has no events', async () => {
    const commit = await test.upload('d1');
    const { category, events } = JSON.parse(encodeCommit(commit));
    const [published] = events;
    const { data: _data, schemaversion: _version, ...envelope } = published;
    const notification = (more = {}) =>
      JSON.stringify({ category, events: [{ ...envelope, type: 'Streamfold:CommitAppended', ...more }] });
    await test.run([message(notification())]);
    expect(await test.outcome('d1')).toEqual([recorded(commit)]);
    const early = notification({ commitversion: 9, streamversion: 9 });
    expect((await test.run([message(early)])).response).toEqual(comesAgain);
  });

  it('is nothing to do if the message is about a commit of another context that nobody can read', async () => {
    const stream = 'ledger/a' as const;
    const body = encodeCommit({ ...(await test.upload('d1')), stream, events: [] });
    expect((await test.run([message(body)])).response).toEqual(nothingFailed);
    expect(test.analyzed).toEqual([]);
  });
});

describe('a message that is delivered twice', () => {
  it('records only the first outcome', async () => {
    const commit = await test.upload('d1');
    const again = message(encodeCommit(commit));
    test.answers = [() => certainReading, unreadable, () => ({ ...certainReading, confidence: 0.1 })];
    for (let run_ = 0; run_ < 3; run_ += 1) expect((await test.run([again])).response).toEqual(nothingFailed);
    expect(await test.outcome('d1')).toEqual([recorded(commit)]);
    expect(test.warnings).toEqual([]);
  });
});

describe('a message that is delivered late', () => {
  it('does not change a cancelled dispense', async () => {
    const commit = await test.upload('d1');
    await test.command('d1', { type: 'Cancel', reason: 'Not needed.', now });
    expect((await test.run([message(encodeCommit(commit))])).response).toEqual(nothingFailed);
    expect((await test.outcome('d1')).map(({ type }) => type)).toEqual(['Dispense:Cancelled']);
  });

  it('does not change a later upload', async () => {
    const first = await test.upload('d1');
    test.answers = [unreadable];
    await test.run([message(encodeCommit(first))]);
    const second = await test.uploadAgain('d1');
    await test.run([message(encodeCommit(first))]);
    await test.run([message(encodeCommit(second))]);
    expect((await test.outcome('d1')).filter(({ type }) => type !== 'Dispense:PrescriptionUploaded')).toEqual(
      [failure(first, 'Nothing to read.'), recorded(second)],
    );
  });
});

describe('a message without an upload', () => {
  it('is ignored', async () => {
    await test.command('d1', { type: 'Start', now });
    const [started] = await test.commitsOf('d1');
    const result = await test.run([message(encodeCommit(started as Commit))]);
    expect(result).toMatchObject({ response: nothingFailed, analyzed: 0, unreadable: 0, correlationIds: [] });
    expect(test.analyzed).toEqual([]);
  });
});
