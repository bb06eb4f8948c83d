import type { SQSRecord } from 'aws-lambda';
import {
  CommandHandler,
  type Commit,
  keysToReveal,
  type Observer,
  reveal,
  silentObserver,
} from '../../../../kernel/index.ts';
import { MemoryEventLog, MemorySnapshotStore } from '../../../../kernel/memory/index.ts';
import { FixedKeys, simulatedEffects } from '../../../../kernel/testing/index.ts';
import type { DispenseAnswer } from '../../api/answers.ts';
import { dispenseContext } from '../../context.ts';
import type { PrescriptionDocument } from '../../documents/document-store.ts';
import { MemoryDocumentStore } from '../../documents/memory-document-store.ts';
import type { Dispense, DispenseCommand } from '../../domain/dispense.ts';
import type { DispenseEvent } from '../../domain/events.ts';
import { analyzeAndRecord } from './analyze-and-record.fixture.ts';
import type { AnalyzeUploadsDependencies } from './analyze-uploads.ts';
import type { Analysis } from './prescription-analyzer.ts';
import { certainReading } from './reading.fixture.ts';

/** The instant of everything. */
export const now = '2026-05-01T12:00:00.000Z';
/** What every upload has, unless it says otherwise. */
export const document: PrescriptionDocument = { contentType: 'text/plain', bytes: Buffer.from('Drug 1 mg') };

/** Dispenses with uploads, and the functions that analyze and record them. */
export class AnalysisUnderTest {
  readonly log = new MemoryEventLog();
  readonly keys = new FixedKeys();
  readonly documents = new MemoryDocumentStore();
  readonly warnings: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
  /** The behaviour of the analyzer for the next documents, in order. Default: a reading of which all is certain. */
  answers: (() => Analysis)[] = [];
  readonly analyzed: (readonly PrescriptionDocument[])[] = [];
  /** What was sent to the queue again. */
  readonly sentAgain: { readonly body: string; readonly attempt: number; readonly delaySeconds: number }[] =
    [];
  /** The trace context of the commands from now on. Default: none. */
  traceparent: string | undefined;
  readonly handler: CommandHandler<Dispense, DispenseCommand, DispenseEvent, DispenseAnswer>;
  #commands = 0;

  constructor() {
    const { decider, events, answer } = dispenseContext;
    this.handler = new CommandHandler({
      ...{ decider, events, answer, log: this.log, keys: this.keys },
      snapshots: new MemorySnapshotStore(),
      snapshotThreshold: 100,
      effects: simulatedEffects({ now }),
    });
  }

  async command(id: string, command: DispenseCommand): Promise<void> {
    this.#commands += 1;
    const result = await this.handler.handle([{ id, command }], {
      commandId: `command-${this.#commands}`,
      intent: command,
      now,
      correlationId: `correlation-${this.#commands}`,
      traceparent: this.traceparent,
    });
    if (result.outcome !== 'committed') throw new Error(`${command.type}: ${result.outcome}`);
  }

  /** Starts a dispense and uploads a prescription to it. Returns the commit of the upload. */
  async upload(id: string): Promise<Commit> {
    await this.command(id, { type: 'Start', now });
    return this.uploadAgain(id);
  }

  /** `page`: a further page of the prescription. Default: it replaces the prescription. */
  async uploadAgain(id: string, page?: PrescriptionDocument): Promise<Commit> {
    const type = page === undefined ? 'UploadPrescription' : 'AddPage';
    const key = await this.documents.put(page ?? document);
    const { contentType, bytes } = document;
    const sha256 = '0'.repeat(64);
    await this.command(id, { type, key, sizeBytes: bytes.length, contentType, sha256, now });
    const commit = (await this.commitsOf(id)).at(-1);
    if (commit === undefined) throw new Error('There is no commit of the upload.');
    return commit;
  }

  async commitsOf(id: string): Promise<Commit[]> {
    return (await Array.fromAsync(this.log.read(`dispense/${id}`))).flat();
  }

  /** The events of a dispense after the first upload, with plain values. */
  async outcome(id: string) {
    const stream = `dispense/${id}`;
    const later = (await this.commitsOf(id)).slice(2);
    const keys = await keysToReveal(this.keys, [{ stream, value: later }]);
    return later.flatMap(({ events }) =>
      events.map(({ type, data }) => ({ type, data: reveal(data, stream, keys) })),
    );
  }

  /** Delivers messages to the analyzer, and what it finds to the recorder. */
  run(records: readonly SQSRecord[], replaced: Partial<Omit<AnalyzeUploadsDependencies, 'keys'>> = {}) {
    const observer: Observer = { ...silentObserver, warn: (...warning) => this.warnings.push(warning) };
    return analyzeAndRecord(records, {
      ...{
        log: this.log,
        keys: this.keys,
        documents: this.documents,
        handler: this.handler,
        observer,
      },
      analyzer: {
        analyze: async (pages) => {
          this.analyzed.push(pages);
          return (this.answers.shift() ?? (() => certainReading))();
        },
      },
      now: () => now,
      queue: {
        sendAgain: async (body, again) => {
          this.sentAgain.push({ body, ...again });
        },
      },
      ...replaced,
    });
  }
}

/** A message of the queue of uploads. `attempt`: 0 is the first, whose message does not say so. */
export function message(body: string, attempt = 0, messageId = 'm1'): SQSRecord {
  const messageAttributes =
    attempt === 0 ? {} : { attempt: { dataType: 'Number', stringValue: String(attempt) } };
  return { messageId, body, messageAttributes } as unknown as SQSRecord;
}

/** The answer of an analyzer that throws. */
export const failing = (error: Error) => () => {
  throw error;
};

/** The event of {@link certainReading}. */
export const recorded = (commit: Commit) => ({
  type: 'Dispense:PrescriptionAnalyzed',
  data: { uploadEventId: commit.events[0]?.id, ...certainReading, trusted: true },
});

/** The event of an analysis that failed. */
export const failure = (commit: Commit, reason: string) => ({
  type: 'Dispense:AnalysisFailed',
  data: { uploadEventId: commit.events[0]?.id, reason },
});

/** The answers to the queue: every message is handled; the message `m1` comes again. */
export const nothingFailed = { batchItemFailures: [] };
export const comesAgain = { batchItemFailures: [{ itemIdentifier: 'm1' }] };
