import type { SQSRecord } from 'aws-lambda';
import {
  type CommandContext,
  CommandHandler,
  type DomainEvent,
  type StreamName,
  type SubjectKeys,
  silentObserver,
} from '../../../../kernel/index.ts';
import {
  MemoryBookmarks,
  MemoryEventLog,
  MemoryKeyWrapper,
  MemorySnapshotStore,
  MemorySubjectKeyStore,
} from '../../../../kernel/memory/index.ts';
import { CachedSubjectKeys } from '../../../../kernel/privacy/index.ts';
import { simulatedEffects } from '../../../../kernel/testing/index.ts';
import { dispenseContext } from '../../../dispense/context.ts';
import type { DispenseCommand } from '../../../dispense/domain/dispense.ts';
import { dispenseSubjects } from '../../../dispense/subjects.ts';
import { personContext } from '../../context.ts';
import type { PersonCommand } from '../../domain/person.ts';
import { MemoryPersonIndex } from '../../index/memory-person-index.ts';
import type { ErasureMessage } from './erasure-message.ts';
import { handleErasures } from './handle-erasures.ts';

export const now = '2026-05-01T12:00:00.000Z';

/** Dispenses of persons, and the eraser, in memory. Every call of a port can be made to fail. */
export class ErasingUnderTest {
  readonly log = new MemoryEventLog();
  readonly keys = new MemorySubjectKeyStore();
  readonly index = new MemoryPersonIndex();
  readonly bookmarks = new MemoryBookmarks();
  /** The keys of documents, with the number of their versions. */
  readonly documents = new Map<string, number>();
  readonly sent: { readonly message: ErasureMessage; readonly delaySeconds: number }[] = [];
  /** The trace contexts of what was sent. */
  readonly sentIn: (string | undefined)[] = [];
  readonly warnings: string[] = [];
  /** False after so many questions. */
  timeFor = Number.POSITIVE_INFINITY;
  /** The call that fails after it took effect, counted from 1. Default: none. */
  crashAfter = Number.POSITIVE_INFINITY;
  calls = 0;
  /** The methods of the ports that were called, in order. */
  readonly called: string[] = [];
  readonly #effects = simulatedEffects({ now });
  #commands = 0;

  /** The API's handler has keys. That of the eraser has none, because it cannot decrypt. */
  readonly #dispenses = this.#handlerOf(
    dispenseContext,
    new CachedSubjectKeys({ store: this.keys, wrapper: new MemoryKeyWrapper(), effects: this.#effects }),
  );
  readonly #persons = this.#handlerOf(personContext);

  readonly erasing = {
    log: this.#crashing(this.log),
    categories: [this.#crashing(dispenseSubjects(this.#handlerOf(dispenseContext)))],
    documents: this.#crashing({ erase: async (key: string) => void this.documents.delete(key) }),
    keys: this.#crashing(this.keys),
    persons: this.#crashing(this.index),
    index: this.#crashing(this.index),
    queue: this.#crashing({
      send: async (message: ErasureMessage, delaySeconds = 0, traceparent?: string) => {
        this.sent.push({ message, delaySeconds });
        this.sentIn.push(traceparent);
      },
    }),
    handler: this.#crashing(this.#persons),
    now: () => this.#effects.now(),
    hasTime: () => {
      this.timeFor -= 1;
      return this.timeFor >= 0;
    },
    observer: { ...silentObserver, warn: (message: string) => void this.warnings.push(message) },
  };

  async dispense(id: string, ...commands: readonly DispenseCommand[]): Promise<void> {
    for (const command of commands) await this.#send(this.#dispenses, id, command);
  }

  async person(id: string, command: PersonCommand): Promise<void> {
    await this.#send(this.#persons, id, command);
  }

  /** A dispense of a person, with a document of two versions and a key. `tenant/id` for another tenant. */
  async dispenseOf(personId: string, id: string, identifier?: string): Promise<StreamName> {
    const stream: StreamName = `dispense/${id}`;
    const document = {
      key: `document of ${id}`,
      sizeBytes: 1,
      contentType: 'text/plain',
      sha256: 'hash',
    } as const;
    await this.dispense(
      id,
      { type: 'Start', now },
      { type: 'UploadPrescription', ...document, now },
      { type: 'AddPatient', name: 'Ann', birthDate: '1980-01-01', personId, now },
    );
    this.documents.set(document.key, 2);
    const tenant = id.includes('/') ? (id.split('/')[0] ?? '') : 'default';
    const entry =
      identifier === undefined ? {} : { entry: { tenant, identifierMac: identifier, birthMac: 'b' } };
    await this.index.link({ tenant, personId, stream, version: 3, ...entry });
    return stream;
  }

  /** Corrects the patient of a dispense of {@link dispenseOf}: it is another person's from then on. */
  async correctedTo(personId: string, id: string): Promise<void> {
    await this.dispense(id, { type: 'CorrectPatient', name: 'Ann', birthDate: '1980-01-02', personId, now });
    await this.index.link({ tenant: 'default', personId, stream: `dispense/${id}`, version: 4 });
  }

  /** The eraser uses this index from now on. */
  restoreIndex(restored: MemoryPersonIndex): void {
    Object.assign(this.erasing, { persons: restored, index: restored });
  }

  /** Handles messages. True: all are done. */
  async handle(...messages: readonly (ErasureMessage | string)[]): Promise<boolean> {
    const records = messages.map((message, position) => ({
      messageId: `message ${position}`,
      body: typeof message === 'string' ? message : JSON.stringify(message),
    }));
    const { response } = await handleErasures(records as unknown as readonly SQSRecord[], this.erasing);
    return response.batchItemFailures.length === 0;
  }

  async eventsOf(stream: StreamName) {
    const commits = (await Array.fromAsync(this.log.read(stream))).flat();
    return commits.flatMap(({ events }) => events.map(({ type, data }) => [type, data] as const));
  }

  /** How often a stream has an event of a type. */
  async count(stream: StreamName, type: string): Promise<number> {
    return (await this.eventsOf(stream)).filter(([each]) => each === type).length;
  }

  #handlerOf<State, Command, Event extends DomainEvent, Answer>(
    { decider, events, answer }: CommandContext<State, Command, Event, Answer>,
    keys?: SubjectKeys,
  ) {
    return new CommandHandler({
      ...{ decider, events, answer, log: this.log, keys },
      snapshots: new MemorySnapshotStore(),
      snapshotThreshold: 100,
      effects: simulatedEffects({ now }),
    });
  }

  async #send<Command>(
    handler: Pick<CommandHandler<never, Command, never, unknown>, 'handle'> | object,
    id: string,
    command: Command,
  ): Promise<void> {
    this.#commands += 1;
    const { outcome } = await (handler as CommandHandler<never, Command, never, unknown>).handle(
      [{ id, command }],
      {
        commandId: `command ${this.#commands}`,
        intent: this.#commands,
        now,
        correlationId: 'spec',
      },
    );
    if (outcome !== 'committed') throw new Error(`The command was ${outcome}.`);
  }

  /** The same object; each call of a method counts, and one of them throws after its effect. */
  #crashing<Port extends object>(port: Port): Port {
    const after = (result: unknown) => {
      this.calls += 1;
      if (this.calls === this.crashAfter) throw new Error('The function was killed.');
      return result;
    };
    return new Proxy(port, {
      get: (_, name) => {
        const value: unknown = Reflect.get(port, name);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]) => {
          this.called.push(String(name));
          const result: unknown = value.apply(port, args);
          return result instanceof Promise ? result.then(after) : result;
        };
      },
    });
  }
}
