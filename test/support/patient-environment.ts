import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { boundMs } from './patience.ts';

/**
 * Node's environment of Jest, in which the time limits of tests and hooks are longer on a slow machine. Specs name the limit of a
 * quiet one.
 */
export default class PatientEnvironment extends TestEnvironment {
  handleTestEvent(event: Circus.AsyncEvent | Circus.SyncEvent, { testTimeout }: Circus.State): void {
    // Jest reads the limit after these events.
    if (event.name === 'hook_start') lengthen(event.hook, testTimeout);
    if (event.name === 'test_fn_start') lengthen(event.test, testTimeout);
  }
}

/** What a spec asked for. A hook runs more than once. */
const asked = new WeakMap<object, number>();

function lengthen(limited: { timeout?: number | null | undefined }, testTimeout: number): void {
  const quietMs = asked.get(limited) ?? limited.timeout ?? testTimeout;
  asked.set(limited, quietMs);
  limited.timeout = boundMs(quietMs);
}
