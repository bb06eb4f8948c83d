import type { Attempt, CommandAnswer, Operation, PastAnswer, PersonCommand, RowAnswer } from '../history.ts';

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

/** Whether the last attempt does not say what happened. */
export function isOpen({ attempts }: Operation): boolean {
  const last = attempts.at(-1)?.answer;
  return last === undefined || isUnclear(last);
}

/** Whether each attempt was answered that nothing was written. */
export function wasNeverCommitted({ attempts }: Operation): boolean {
  return attempts.every(({ answer }) => answer.outcome !== 'changed' && !isUnclear(answer));
}

function isUnclear(answer: CommandAnswer): boolean {
  return (
    answer.outcome === 'unanswered' || (answer.outcome === 'failed' && answer.code === 'unknown-outcome')
  );
}
