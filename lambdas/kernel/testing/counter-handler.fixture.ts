import { CommandHandler } from '../command-handler.ts';
import type { CommandRequest } from '../command-request.ts';
import type { Commit } from '../commit.ts';
import type { EventSourcingErrorCode } from '../errors.ts';
import type { AppendResult, EventLog } from '../event-log.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store.ts';
import { silentObserver } from '../observer.ts';
import type { RetryPolicy } from '../retry.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import type { SubjectKeys } from '../subject-keys.ts';
import { type CounterState, counter, counterEvents } from './counter.fixture.ts';
import { simulatedEffects } from './simulated-effects.ts';

export const now = '2026-05-01T10:00:00.000Z';
let requests = 0;

/** A new request with a unique command id. `more` replaces fields. */
export function request(more: Partial<CommandRequest> = {}): CommandRequest {
  requests += 1;
  return { commandId: `command-${requests}`, intent: 'test', correlationId: 'correlation', now, ...more };
}

interface CounterHandlerOptions {
  readonly log?: EventLog;
  readonly snapshots?: SnapshotStore;
  readonly snapshotThreshold?: number;
  readonly stateVersion?: number;
  /** Default: that of the counter. */
  readonly evolve?: typeof counter.evolve;
  /** Collects the warnings. */
  readonly warnings?: string[];
  readonly retry?: Partial<RetryPolicy>;
  /** Default: none. */
  readonly keys?: SubjectKeys;
}

/** A command handler of counters, whose clock shows the time of the newest request. `add` sends a command that adds an amount. */
export function counterHandler(options: CounterHandlerOptions = {}) {
  const effects = simulatedEffects();
  const { log = new MemoryEventLog(), snapshots = new MemorySnapshotStore(), warnings = [] } = options;
  const counters = new CommandHandler({
    log,
    snapshots,
    events: counterEvents,
    decider: {
      ...counter,
      stateVersion: options.stateVersion ?? counter.stateVersion,
      evolve: options.evolve ?? counter.evolve,
    },
    answer: ({ total }: CounterState) => ({ total }),
    snapshotThreshold: options.snapshotThreshold ?? 100,
    effects,
    ...(options.retry && { retry: options.retry }),
    keys: options.keys,
    observer: { ...silentObserver, warn: (message) => warnings.push(message) },
  });
  const handler: Pick<typeof counters, 'handle'> = {
    handle: (targets, request) => {
      effects.clock.now = request.now;
      return counters.handle(targets, request);
    },
  };
  const add = (id: string, amount: number, more: Partial<CommandRequest> = {}) =>
    handler.handle([{ id, command: { type: 'Add', amount } }], request({ intent: amount, ...more }));
  return { log, snapshots, handler, add, effects };
}

/** All commits of a counter. */
export async function commitsOf(log: EventLog, id: string): Promise<Commit[]> {
  return (await Array.fromAsync(log.read(`counter/${id}`))).flat();
}

/** The code of the error that a promise rejects with; undefined if it does not reject. */
export async function codeOf(promise: Promise<unknown>): Promise<EventSourcingErrorCode | undefined> {
  return promise.then(
    () => undefined,
    (error: { code: EventSourcingErrorCode }) => error.code,
  );
}

/** An event log that calls a function before every read and every append. */
export class InterruptedLog extends MemoryEventLog {
  beforeRead: (stream: string) => Promise<void> = async () => undefined;
  beforeAppend: (commits: readonly Commit[]) => Promise<void> = async () => undefined;

  override async append(commits: readonly Commit[]): Promise<AppendResult> {
    await this.beforeAppend(commits);
    return super.append(commits);
  }

  override async *read(...args: Parameters<MemoryEventLog['read']>) {
    await this.beforeRead(args[0]);
    yield* super.read(...args);
  }
}
