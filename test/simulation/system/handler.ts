import type { Instance } from '../world/instance.ts';

/** What a function knows of its invocation. */
export interface Invocation {
  /** Time that is left until the function's timeout, in ms. */
  readonly remainingMs: () => number;
}

/** A function of the system, composed for one instance. */
export type Handler = (event: unknown, invocation: Invocation) => Promise<unknown>;

/** Composes a function out of its parts, when an instance starts. */
export type Compose = (instance: Instance) => Handler;
