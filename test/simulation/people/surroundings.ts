import type {
  FailedQuestion,
  ListAnswer,
  Operation,
  PastAnswer,
  PersonRequest,
  RowAnswer,
  Undo,
} from '../history.ts';
import type { FunctionName } from '../world/faults.ts';
import type { World } from '../world/world.ts';

/** How an invocation ended. `reason`: why there is no result, in words. */
export type InvocationEnd =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly reason: string };

/** Invokes a function and waits for its end. It resolves in any case, at the latest some time after the function's timeout. */
export type Invoke = (functionName: FunctionName, event: object) => Promise<InvocationEnd>;

/** Read models whose rows a vandal damages. */
export type RowModel = 'ledger' | 'metrics' | 'dispense';

/** A row that was wrong for a while, because somebody damaged it. Reads of it in between prove nothing. */
export interface DamagedRow {
  readonly readModel: RowModel;
  readonly id: string;
  readonly fromMs: number;
  /** When the last repair ended, in ms since 1970. Undefined: it was not repaired. */
  readonly untilMs: number | undefined;
}

/** An operation that goes on: attempts may be added. */
export interface OpenOperation extends Omit<Operation, 'commandId' | 'attempts'> {
  commandId?: string;
  readonly attempts: Operation['attempts'][number][];
}

/** Takes down what people saw. */
export interface HistoryRecorder {
  /** Called when the first attempt is sent. Returns the place of the operation. */
  begin(operation: OpenOperation): number;
  read(answer: RowAnswer): void;
  past(answer: PastAnswer): void;
  failed(question: FailedQuestion): void;
  list(answer: ListAnswer): void;
  person(request: PersonRequest): void;
  /** The persons for whom a hold may have been placed. */
  readonly held: readonly string[];
  damaged(row: DamagedRow): void;
  /** Called only if no other operator is at work. */
  undone(undo: Undo): void;
}

/** The world around people. */
export interface Surroundings {
  readonly world: Pick<World, 'time' | 'random' | 'trace' | 'elapsedMs'>;
  readonly invoke: Invoke;
  readonly record: HistoryRecorder;
  /** The id of a command with this key, as the API derives it. */
  readonly commandIdOf: (key: string) => string;
  /** Longer than projectors take to notice a change of generations, in ms: as the rebuilder waits. */
  readonly settleMs: number;
  /** When no earlier code runs any more after a deployment, in ms after the start. Undefined: nothing is deployed. */
  readonly oldCodeGoneMs?: number | undefined;
  /** Damages the row of a stream, in the active generation, behind everybody's back. */
  readonly damageRow: (readModel: RowModel, id: string) => void;
}

/** Resolves after this time. */
export function pause({ world }: Pick<Surroundings, 'world'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    world.time.after(ms, resolve);
  });
}

/** The reason of an invocation whose end nobody waits for any more. */
export const gaveUp = 'gave up waiting';

/**
 * The end of an invocation, or the end of the patience, whatever is first. The invocation goes on all the same. `late`: called with an
 * end that comes after that.
 */
export function endWithin(
  { world }: Pick<Surroundings, 'world'>,
  patienceMs: number,
  invocation: Promise<InvocationEnd>,
  late: (end: InvocationEnd) => void = () => undefined,
): Promise<InvocationEnd> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = world.time.after(patienceMs, () => {
      isOver = true;
      resolve({ ok: false, reason: gaveUp });
    });
    invocation.then((end) => {
      timer.cancelled = true;
      if (isOver) late(end);
      else resolve(end);
    }, reject);
  });
}
