import type {
  FailedQuestion,
  ListAnswer,
  Operation,
  PastAnswer,
  PersonRequest,
  RowAnswer,
  Undo,
} from '../history.ts';
import type { DamagedRow, HistoryRecorder, OpenOperation } from './surroundings.ts';

/** What people saw, in the order in which they saw it. */
export class PeopleRecord implements HistoryRecorder {
  readonly reads: RowAnswer[] = [];
  readonly pasts: PastAnswer[] = [];
  readonly failures: FailedQuestion[] = [];
  readonly lists: ListAnswer[] = [];
  readonly persons: PersonRequest[] = [];
  readonly damages: DamagedRow[] = [];
  readonly undos: Undo[] = [];
  readonly #operations: OpenOperation[] = [];

  begin(operation: OpenOperation): number {
    return this.#operations.push(operation) - 1;
  }

  read(answer: RowAnswer): void {
    this.reads.push(answer);
  }

  past(answer: PastAnswer): void {
    this.pasts.push(answer);
  }

  failed(question: FailedQuestion): void {
    this.failures.push(question);
  }

  list(answer: ListAnswer): void {
    this.lists.push(answer);
  }

  person(request: PersonRequest): void {
    this.persons.push(request);
  }

  get held(): readonly string[] {
    return this.persons.flatMap(({ asked, personId }) => (asked === 'hold' ? [personId] : []));
  }

  damaged(row: DamagedRow): void {
    this.damages.push(row);
  }

  undone(undo: Undo): void {
    this.undos.push(undo);
  }

  /** The operations as they are now, each with its attempts in the order in which they were sent. */
  get operations(): readonly Operation[] {
    return this.#operations.map((operation) => ({
      ...operation,
      attempts: operation.attempts.toSorted((one, other) => one.sentMs - other.sentMs),
    }));
  }
}
