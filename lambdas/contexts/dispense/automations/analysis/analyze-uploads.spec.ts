import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { CommandHandler, type Commit, type Observer, silentObserver } from '../../../../kernel/index.ts';
import { MemoryEventLog, MemorySnapshotStore } from '../../../../kernel/memory/index.ts';
import { simulatedEffects } from '../../../../kernel/testing/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { dispenseContext } from '../../context.ts';
import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { MemoryDocumentStore } from '../../documents/memory-document-store.ts';
import type { DispenseCommand } from '../../domain/dispense.ts';
import { attemptDelaysSeconds } from './analysis-queue.ts';
import { analyzeAndRecord } from './analyze-and-record.fixture.ts';
import type { AnalyzeUploadsDependencies } from './analyze-uploads.ts';
import { type Analysis, UnreadablePrescriptionError } from './prescription-analyzer.ts';
import { certainDrug, certainReading } from './reading.fixture.ts';

const now = '2026-05-01T12:00:00.000Z';
const analysis = certainReading;
const drug = certainDrug;
const document: PrescriptionDocument = { contentType: 'text/plain', bytes: Buffer.from('Drug 1 mg') };

let log: MemoryEventLog;
let documents: MemoryDocumentStore;
let handler: CommandHandler<never, DispenseCommand, never, unknown>;
let warnings: (readonly [string, Readonly<Record<string, unknown>>])[];
/** The behaviour of the analyzer for the next documents, in order. */
let answers: (() => Analysis)[];
let analyzed: (readonly PrescriptionDocument[])[];
/** What was sent to the queue again. */
let sentAgain: { readonly body: string; readonly attempt: number; readonly delaySeconds: number }[];
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
  sentAgain = [];
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

/** `page`: a further page of the prescription. Default: it replaces the prescription. */
async function uploadAgain(id: string, page?: PrescriptionDocument): Promise<Commit> {
  const type = page === undefined ? 'UploadPrescription' : 'AddPage';
  const key = await documents.put(page ?? document);
  const { contentType, bytes } = document;
  await command(id, {
    type,
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

const message = (body: string, attempt = 0, messageId = 'm1'): SQSRecord =>
  ({
    messageId,
    body,
    messageAttributes: attempt === 0 ? {} : { attempt: { dataType: 'Number', stringValue: `${attempt}` } },
  }) as unknown as SQSRecord;
const lastAttempt = attemptDelaysSeconds.length;

function run(records: readonly SQSRecord[], replaced: Partial<AnalyzeUploadsDependencies> = {}) {
  const observer: Observer = { ...silentObserver, warn: (...warning) => warnings.push(warning) };
  const analyzer = {
    analyze: async (pages: readonly PrescriptionDocument[]) => {
      analyzed.push(pages);
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
    queue: {
      sendAgain: async (body, again) => {
        sentAgain.push({ body, ...again });
      },
    },
    ...replaced,
  });
}

const failing = (error: Error) => () => {
  throw error;
};
const away = Object.assign(new Error('The service is away.'), { name: 'ServiceUnavailableException' });
const outage = failing(away);
const unreadable = failing(new UnreadablePrescriptionError('Nothing to read.'));

const recorded = (commit: Commit) => ({
  type: 'Dispense:PrescriptionAnalyzed',
  data: { uploadEventId: commit.events[0]?.id, ...analysis, trusted: true },
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
      postponed: 0,
      correlationIds: ['correlation-2'],
      recorded: { response: nothingFailed, handled: 1, correlationIds: ['correlation-2'] },
    });
    expect(analyzed).toEqual([[{ ...document, bytes: Uint8Array.from(document.bytes) }]]);
    expect([...documents.statuses.values()]).toEqual(['kept']);
    expect(await outcome('d1')).toEqual([recorded(commit)]);
    expect((await commitsOf('d1')).at(-1)).toMatchObject({
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
    await upload('d1');
    await uploadAgain('d1', page('second'));
    const commit = await uploadAgain('d1', page('third'));
    await run([message(encodeCommit(commit))]);
    expect(analyzed.map((pages) => pages.map(({ bytes }) => Buffer.from(bytes).toString()))).toEqual([
      ['Drug 1 mg', 'second', 'third'],
    ]);
    expect([...documents.statuses.values()]).toEqual(['kept', 'kept', 'kept']);
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
    const reason =
      'The document has more, or longer, parts than a reading can hold. Enter the drugs by hand.';
    expect(await outcome('d1')).toEqual([failure(commit, reason)]);
  });

  it('whose document is gone is recorded as failed', async () => {
    const commit = await upload('d1');
    for (const key of documents.statuses.keys()) await documents.discard(key);
    expect((await run([message(encodeCommit(commit))])).response).toEqual(nothingFailed);
    expect(await outcome('d1')).toEqual([failure(commit, 'The document no longer exists. Upload it again.')]);
  });

  it('that meets a defect is recorded as failed at once, because another attempt would meet it too', async () => {
    const commit = await upload('d1');
    answers = [failing(new TypeError('secret drug is not a function'))];
    expect(await run([message(encodeCommit(commit))])).toMatchObject({
      response: nothingFailed,
      unreadable: 1,
    });
    const reason = 'The document could not be read. Upload a better picture, or enter the drugs by hand.';
    expect(await outcome('d1')).toEqual([failure(commit, reason)]);
    expect(sentAgain).toEqual([]);
    const [[, context]] = warnings as [[string, object]];
    expect(context).toMatchObject({
      fault: 'TypeError',
      stack: expect.stringContaining('analyze-uploads.spec'),
    });
    // The message may quote the document.
    expect(JSON.stringify(warnings)).not.toContain('secret drug');
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

describe('a fault that passes', () => {
  const faults: readonly (readonly [string, Partial<AnalyzeUploadsDependencies>])[] = [
    ['the analyzer', { analyzer: { analyze: outage } }],
    ['the document store', { documents: { get: outage, keep: outage } }],
    ['the queue of findings', { findings: { send: outage } }],
  ];
  it.each(faults)('sends the upload to its queue again, for later: %s', async (_, replaced) => {
    const body = encodeCommit(await upload('d1'));
    const result = await run([message(body)], replaced);
    expect(result).toMatchObject({ response: nothingFailed, analyzed: 0, unreadable: 0, postponed: 1 });
    expect(await outcome('d1')).toEqual([]);
    expect(sentAgain).toEqual([{ body, attempt: 1, delaySeconds: 30 }]);
    expect(warnings).toEqual([
      [expect.any(String), { messageId: 'm1', attempt: 1, delaySeconds: 30, error: away }],
    ]);
  });

  it('of the log is the same, also if the message has no events', async () => {
    const commit = await upload('d1');
    const body = encodeCommit(commit, 1);
    expect(await run([message(body)], { log: { readCommit: outage } })).toMatchObject({ postponed: 1 });
    expect(sentAgain).toHaveLength(1);
    await run([message(body, 1)]);
    expect(await outcome('d1')).toEqual([recorded(commit)]);
  });

  it('is waited for a little longer each time, half an hour together', async () => {
    const body = encodeCommit(await upload('d1'));
    for (let attempt = 0; attempt < lastAttempt; attempt += 1) {
      answers = [outage];
      await run([message(body, attempt)]);
    }
    const delays = sentAgain.map(({ delaySeconds }) => delaySeconds);
    expect(sentAgain.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    // SQS accepts no longer delay.
    expect(Math.max(...delays)).toBe(900);
    expect(delays.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(1_800);
  });

  it('that stays is recorded as failed at the last attempt, so that people see it', async () => {
    const commit = await upload('d1');
    answers = [outage];
    expect((await run([message(encodeCommit(commit), lastAttempt)])).response).toEqual(nothingFailed);
    const reason =
      'The document could not be read for half an hour, because a part of the system did not work. Upload it again, or enter the drugs by hand.';
    expect(await outcome('d1')).toEqual([failure(commit, reason)]);
    expect(sentAgain).toEqual([]);
  });

  it.each([
    ['more attempts than there are', '99'],
    ['no number', 'x'],
    ['a negative number', '-1'],
  ])('ends, whatever the message says of its attempt: %s', async (_, stringValue) => {
    const body = encodeCommit(await upload('d1'));
    answers = [outage];
    const record = { ...message(body), messageAttributes: { attempt: { stringValue, dataType: 'Number' } } };
    expect((await run([record as unknown as SQSRecord])).response).toEqual(nothingFailed);
    expect(sentAgain.map(({ attempt }) => attempt)).toEqual(stringValue === '99' ? [] : [1]);
  });

  it('makes the message come again if the queue accepts nothing either', async () => {
    const commit = await upload('d1');
    const replaced = { findings: { send: outage }, queue: { sendAgain: outage } };
    expect((await run([message(encodeCommit(commit))], replaced)).response).toEqual(comesAgain);
    const last = await run([message(encodeCommit(commit), lastAttempt)], { findings: { send: outage } });
    expect(last).toMatchObject({ response: comesAgain, postponed: 0 });
  });

  it('is a document store that does not answer', async () => {
    const body = encodeCommit(await upload('d1'));
    const never = () => new Promise<never>(() => undefined);
    const replaced = {
      documents: { keep: never, get: never },
      effects: { timeLimit: () => AbortSignal.timeout(1) },
    };
    expect(await run([message(body)], replaced)).toMatchObject({ response: nothingFailed, postponed: 1 });
  });

  it('does not stop the other messages of the batch', async () => {
    const [first, second] = [await upload('d1'), await upload('d2')];
    answers = [outage];
    const { response } = await run([
      message(encodeCommit(first), 0, 'm1'),
      message('{', 0, 'm2'),
      message(encodeCommit(second), 0, 'm3'),
    ]);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'm2' }]);
    expect(sentAgain).toHaveLength(1);
    expect(await outcome('d2')).toEqual([recorded(second)]);
  });

  it('that comes after the function was killed records one outcome, although the message comes twice', async () => {
    const commit = await upload('d1');
    const body = encodeCommit(commit);
    answers = [outage];
    await run([message(body)]);
    // Killed after it was sent again: the same delivery comes again, and the other one later.
    await run([message(body)]);
    answers = [unreadable];
    await run([message(body, 1)]);
    expect(await outcome('d1')).toEqual([recorded(commit)]);
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
