import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { maxReceives } from '../../../../../schema/queues.ts';
import { CommandHandler, type Commit, type Observer, silentObserver } from '../../../../kernel/index.ts';
import { MemoryEventLog, MemorySnapshotStore } from '../../../../kernel/memory/index.ts';
import { simulatedEffects } from '../../../../kernel/testing/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { dispenseContext } from '../../context.ts';
import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { MemoryDocumentStore } from '../../documents/memory-document-store.ts';
import type { DispenseCommand } from '../../domain/dispense.ts';
import { analyzeAndRecord } from './analyze-and-record.fixture.ts';
import type { AnalyzeUploadsDependencies } from './analyze-uploads.ts';
import { type Analysis, UnreadablePrescriptionError } from './prescription-analyzer.ts';

const now = '2026-05-01T12:00:00.000Z';
const drug = { name: 'Drug', strength: '1 mg', form: 'tablet', quantity: 1, directions: 'take daily' };
const analysis: Analysis = { analyzer: 'embedded', confidence: 0.9, drugs: [drug] };
const document: PrescriptionDocument = { contentType: 'text/plain', bytes: Buffer.from('Drug 1 mg') };

let log: MemoryEventLog;
let documents: MemoryDocumentStore;
let handler: CommandHandler<never, DispenseCommand, never, unknown>;
let warnings: (readonly [string, Readonly<Record<string, unknown>>])[];
/** The behaviour of the analyzer for the next documents, in order. */
let answers: (() => Analysis)[];
let analyzed: PrescriptionDocument[];
let commands: number;

beforeEach(() => {
  log = new MemoryEventLog();
  documents = new MemoryDocumentStore();
  const { decider, events, answer } = dispenseContext;
  const options = {
    decider,
    events,
    answer,
    log,
    snapshots: new MemorySnapshotStore(),
    snapshotThreshold: 100,
    effects: simulatedEffects({ now }),
  };
  handler = new CommandHandler(options) as never;
  warnings = [];
  answers = [];
  analyzed = [];
  commands = 0;
});

async function command(id: string, one: DispenseCommand): Promise<void> {
  commands += 1;
  const commandId = `command-${commands}`;
  const result = await handler.handle([{ id, command: one }], {
    commandId,
    intent: one,
    now,
    correlationId: `correlation-${commands}`,
  });
  if (result.outcome !== 'committed') throw new Error(`${one.type}: ${result.outcome}`);
}

/** Starts a dispense and uploads a prescription to it. Returns the commit of the upload. */
async function upload(id: string): Promise<Commit> {
  await command(id, { type: 'Start', now });
  return uploadAgain(id);
}

async function uploadAgain(id: string): Promise<Commit> {
  const key = await documents.put(document);
  const { contentType, bytes } = document;
  await command(id, {
    type: 'UploadPrescription',
    key,
    sizeBytes: bytes.length,
    contentType,
    sha256: '0'.repeat(64),
    now,
  });
  const commit = (await commitsOf(id)).at(-1);
  if (commit === undefined) throw new Error('There is no commit of the upload.');
  return commit;
}

const commitsOf = async (id: string) => (await Array.fromAsync(log.read(`dispense/${id}`))).flat();
/** The events of a dispense after the upload. */
const outcome = async (id: string) =>
  (await commitsOf(id)).slice(2).flatMap(({ events }) => events.map(({ type, data }) => ({ type, data })));

const message = (body: string, receives = 1, messageId = 'm1'): SQSRecord =>
  ({ messageId, body, attributes: { ApproximateReceiveCount: String(receives) } }) as SQSRecord;

function run(records: readonly SQSRecord[], replaced: Partial<AnalyzeUploadsDependencies> = {}) {
  const observer: Observer = { ...silentObserver, warn: (...warning) => warnings.push(warning) };
  const analyzer = {
    analyze: async (one: PrescriptionDocument) => {
      analyzed.push(one);
      return (answers.shift() ?? (() => analysis))();
    },
  };
  return analyzeAndRecord(records, {
    log,
    documents,
    analyzer,
    handler: handler as never,
    observer,
    now: () => now,
    ...replaced,
  });
}

const failing = (error: Error) => () => {
  throw error;
};
const outage = failing(new Error('The service is away.'));
const unreadable = failing(new UnreadablePrescriptionError('Nothing to read.'));

const recorded = (commit: Commit) => ({
  type: 'Dispense:PrescriptionAnalyzed',
  data: { uploadEventId: commit.events[0]?.id, ...analysis },
});
const failure = (commit: Commit, reason: string) => ({
  type: 'Dispense:AnalysisFailed',
  data: { uploadEventId: commit.events[0]?.id, reason },
});
const nothingFailed = { batchItemFailures: [] };
const comesAgain = { batchItemFailures: [{ itemIdentifier: 'm1' }] };

describe('an upload', () => {
  it('is analyzed and kept, and its drugs are recorded with the upload event as cause', async () => {
    const commit = await upload('d1');
    expect(await run([message(encodeCommit(commit))])).toEqual({
      response: nothingFailed,
      analyzed: 1,
      unreadable: 0,
      correlationIds: ['correlation-2'],
      recorded: { response: nothingFailed, handled: 1, correlationIds: ['correlation-2'] },
    });
    expect(analyzed).toEqual([{ ...document, bytes: Uint8Array.from(document.bytes) }]);
    expect([...documents.statuses.values()]).toEqual(['kept']);
    expect(await outcome('d1')).toEqual([recorded(commit)]);
    expect((await commitsOf('d1')).at(-1)).toMatchObject({
      causationId: commit.events[0]?.id,
      correlationId: 'correlation-2',
      actor: 'urn:streamfold:system prescription-analyzer',
      committedAt: now,
    });
  });

  it('that is unreadable is recorded as failed, with the reason', async () => {
    const commit = await upload('d1');
    answers = [unreadable];
    expect(await run([message(encodeCommit(commit))])).toMatchObject({
      response: nothingFailed,
      analyzed: 0,
      unreadable: 1,
    });
    expect(await outcome('d1')).toEqual([failure(commit, 'Nothing to read.')]);
    expect([...documents.statuses.values()]).toEqual(['kept']);
  });

  it.each([
    ['a name', { ...drug, name: 'n'.repeat(201) }],
    ['a quantity', { ...drug, quantity: 100_001 }],
  ])('with a drug that has %s above the limit is recorded as failed', async (_, large) => {
    const commit = await upload('d1');
    answers = [() => ({ ...analysis, drugs: [large] })];
    expect((await run([message(encodeCommit(commit))])).unreadable).toBe(1);
    const reason = 'The drugs in the document have parts that are too long or too large. Enter them by hand.';
    expect(await outcome('d1')).toEqual([failure(commit, reason)]);
  });

  it('whose document is gone is recorded as failed', async () => {
    const commit = await upload('d1');
    for (const key of documents.statuses.keys()) await documents.discard(key);
    expect((await run([message(encodeCommit(commit))])).response).toEqual(nothingFailed);
    expect(await outcome('d1')).toEqual([failure(commit, 'The document no longer exists. Upload it again.')]);
  });

  it('is read from the log if the message has no events', async () => {
    const commit = await upload('d1');
    const { category, events } = JSON.parse(encodeCommit(commit));
    const [published] = events;
    const { data: _data, schemaversion: _version, ...envelope } = published;
    const notification = (more = {}) =>
      JSON.stringify({ category, events: [{ ...envelope, type: 'Streamfold:CommitAppended', ...more }] });
    await run([message(notification())]);
    expect(await outcome('d1')).toEqual([recorded(commit)]);
    const early = notification({ commitversion: 9, streamversion: 9 });
    expect((await run([message(early)])).response).toEqual(comesAgain);
  });

  it('is nothing to do if the message is about a commit of another context that nobody can read', async () => {
    const stream = 'ledger/a' as const;
    const body = encodeCommit({ ...(await upload('d1')), stream, events: [] });
    expect((await run([message(body)])).response).toEqual(nothingFailed);
    expect(analyzed).toEqual([]);
  });
});

describe('a message that is delivered twice', () => {
  it('records only the first outcome', async () => {
    const commit = await upload('d1');
    const again = message(encodeCommit(commit));
    answers = [() => analysis, unreadable, () => ({ ...analysis, confidence: 0.1 })];
    for (let run_ = 0; run_ < 3; run_ += 1) expect((await run([again])).response).toEqual(nothingFailed);
    expect(await outcome('d1')).toEqual([recorded(commit)]);
    expect(warnings).toEqual([]);
  });
});

describe('a message that is delivered late', () => {
  it('does not change a cancelled dispense', async () => {
    const commit = await upload('d1');
    await command('d1', { type: 'Cancel', reason: 'Not needed.', now });
    expect((await run([message(encodeCommit(commit))])).response).toEqual(nothingFailed);
    expect((await outcome('d1')).map(({ type }) => type)).toEqual(['Dispense:Cancelled']);
  });

  it('does not change a later upload', async () => {
    const first = await upload('d1');
    answers = [unreadable];
    await run([message(encodeCommit(first))]);
    const second = await uploadAgain('d1');
    await run([message(encodeCommit(first))]);
    await run([message(encodeCommit(second))]);
    expect((await outcome('d1')).filter(({ type }) => type !== 'Dispense:PrescriptionUploaded')).toEqual([
      failure(first, 'Nothing to read.'),
      recorded(second),
    ]);
  });
});

describe('a temporary failure', () => {
  it.each([
    ['the analyzer', { analyzer: { analyze: outage } }],
    ['the document store', { documents: { get: outage, keep: outage } }],
    ['the queue of findings', { findings: { send: outage } }],
  ])('is delivered again: %s', async (_, replaced) => {
    const commit = await upload('d1');
    const result = await run([message(encodeCommit(commit), maxReceives - 1)], replaced as never);
    expect(result).toMatchObject({ response: comesAgain, analyzed: 0, unreadable: 0 });
    expect(await outcome('d1')).toEqual([]);
    expect(warnings).toEqual([
      [expect.any(String), { messageId: 'm1', error: new Error('The service is away.') }],
    ]);
  });

  it('is recorded as failed at the last attempt, so that people see it', async () => {
    const commit = await upload('d1');
    answers = [outage];
    expect((await run([message(encodeCommit(commit), maxReceives)])).response).toEqual(nothingFailed);
    expect(await outcome('d1')).toEqual([
      failure(
        commit,
        'The document could not be read in 5 attempts. Upload it again, or enter the drugs by hand.',
      ),
    ]);
  });

  it('moves the message to the failure queue if the failure cannot be sent to the recorder', async () => {
    const commit = await upload('d1');
    const replaced = { findings: { send: outage } };
    const result = await run([message(encodeCommit(commit), maxReceives)], replaced);
    expect(result.response).toEqual(comesAgain);
  });

  it('does not stop the other messages of the batch', async () => {
    const [first, second] = [await upload('d1'), await upload('d2')];
    answers = [outage];
    const { response } = await run([
      message(encodeCommit(first), 1, 'm1'),
      message('{', 1, 'm2'),
      message(encodeCommit(second), 1, 'm3'),
    ]);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }]);
    expect(await outcome('d2')).toEqual([recorded(second)]);
  });
});

describe('a message without an upload', () => {
  it('is ignored', async () => {
    await command('d1', { type: 'Start', now });
    const [started] = await commitsOf('d1');
    const result = await run([message(encodeCommit(started as Commit))]);
    expect(result).toMatchObject({ response: nothingFailed, analyzed: 0, unreadable: 0, correlationIds: [] });
    expect(analyzed).toEqual([]);
  });
});
