import { projectorName } from '../../schema/names.ts';
import type { ReadModelName } from '../../schema/projections.ts';
import { UserError } from '../host/user-error.ts';
import { number } from './parts.ts';
import type { Outcome, Session } from './session.ts';

/** Who redrives: the projector of a read model, or the publisher. */
export type Consumer = ReadModelName | 'publisher';

/** What one redrive of a function answers, or one of several for the TODO projector and the publisher. */
interface Redriven {
  /** Streams that a projector has caught up: they are no longer parked. */
  readonly projected?: number;
  /** How many of them had their rows changed by it. */
  readonly changed?: number;
  /** Commits that a destination of the publisher has accepted. */
  readonly published?: number;
  readonly parked: readonly string[] | number;
  readonly failed: readonly string[] | number;
  /** Continue after it. */
  readonly next?: string;
}

/** The sum of all redrives of a function. */
export interface RedriveTotal {
  readonly consumer: Consumer;
  released: number;
  /** Undefined if the function does not say it. */
  changed: number | undefined;
  parked: number;
  failed: number;
}
