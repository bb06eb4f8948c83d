import { parentPort, workerData } from 'node:worker_threads';
import { runFunction } from './runtime.ts';

/** Runs in a thread: one execution environment of one function. */
runFunction(workerData, {
  send: (message) => parentPort?.postMessage(message),
  onInvoke: (listener) => parentPort?.on('message', listener),
});
