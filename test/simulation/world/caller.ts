import type { Effects } from '../../../lambdas/kernel/index.ts';
import type { Faults, FunctionName, ServiceName } from './faults.ts';
import type { Random } from './random.ts';
import type { SimulatedTime } from './time.ts';
import type { Trace } from './trace.ts';

/** The faults that strike single calls. */
export type CallFaultKind = 'request-lost' | 'response-lost' | 'throttled' | 'slow' | 'partial-batch';

/** When a fault kills an instance: before its request is sent, or while it is under way. */
export type KillMoment = 'before-request' | 'under-way';

/** The request of a call, as the service gets it. */
export interface ArrivedRequest {
  readonly input: object;
  /** Parts that the service leaves out of a batch, by their place. */
  readonly leavesOut?: ReadonlySet<number> | undefined;
}

/** A call, before it is known what becomes of it. */
export interface SentCall {
  readonly operation: string;
  readonly input: object;
}

/** What instances and their clients use of the world. */
export interface Surroundings {
  readonly time: SimulatedTime;
  /** Simulated ms since the start of the history. */
  readonly elapsedMs: number;
  readonly random: Random;
  readonly faults: Faults;
  readonly trace: Trace;
  /** Counts a call of a function, for faults that kill it at a call. */
  countCall(functionName: FunctionName): void;
  /** Whether a fault kills the instance at this call, and when. */
  killOf(caller: Pick<Caller, 'name' | 'functionName'>): KillMoment | undefined;
  /** The fault that strikes a call of this service, if one does. `luck`: from 0 to 1, drawn for the call. */
  callFault(service: ServiceName, call: SentCall, luck: number): CallFaultKind | undefined;
  /** Carries out a request that has arrived. Throws what the service throws. */
  carryOut(service: ServiceName, operation: string, request: ArrivedRequest): object;
}

/** Who makes a call: an instance of a function. */
export interface Caller {
  readonly name: string;
  readonly functionName: FunctionName;
  readonly random: Random;
  readonly effects: Effects;
  readonly world: Surroundings;
  readonly isAlive: boolean;
  kill(): void;
}
