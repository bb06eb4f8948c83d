import type { Attempt, Operation, PastAnswer, PersonCommand, RowAnswer } from '../history.ts';

/** An operation while its attempts are made. */
export interface RunningOperation extends Operation {
  readonly key: string;
  readonly commandId: string;
  readonly attempts: Attempt[];
}

/** What a person asks for. */
export interface Request {
  readonly who: string;
  readonly command: PersonCommand;
  readonly key: string;
  readonly commandId: string;
  readonly misusesKeyOf?: number;
  readonly expectedVersion?: number;
}

/** Keeps what the people of a run did and what they were answered. */
export class Recorder {
  readonly operations: RunningOperation[] = [];
  readonly pasts: PastAnswer[] = [];
  readonly reads: RowAnswer[] = [];

  /** A new operation, at its first attempt. */
  begin(request: Request): RunningOperation {
    const operation = { ...request, attempts: [] };
    this.operations.push(operation);
    return operation;
  }
}

/** Whether an attempt was answered as committed. */
export function isAcknowledged({ attempts }: Operation): boolean {
  return attempts.some(({ answer }) => answer.outcome === 'changed');
}

/** Whether nobody knows if it was committed. */
export function isOpen(operation: Operation): boolean {
  return !isAcknowledged(operation) && !wasNeverCommitted(operation);
}

/** Whether each attempt was answered that nothing was written. */
export function wasNeverCommitted({ attempts }: Operation): boolean {
  return attempts.every(
    ({ answer }) =>
      answer.outcome === 'refused' || (answer.outcome === 'failed' && answer.code !== 'unknown-outcome'),
  );
}
