import { Worker } from 'node:worker_threads';
import type { Engine, OnCrash } from './engine.ts';
import { engineAddress } from './engine-address.ts';

const startTimeoutMs = 15_000;
const stopTimeoutMs = 3_000;
/** The default holds up to a hundred megabytes of garbage. */
const maxYoungGenerationSizeMb = 8;

/** What every engine's thread gets: the address of loopback where it must listen. */
export interface EngineThreadData {
  readonly address: string;
}

/** A message of an engine's thread: the port it listens on, or why it fails. */
export type EngineMessage = { port: number } | { failure: string };

/** Runs an engine written in JavaScript in a thread, which ends with this process. */
export async function startWorkerEngine(
  name: string,
  script: URL,
  data: object,
  onCrash: OnCrash,
): Promise<Engine> {
  const address = await engineAddress();
  const workerData: EngineThreadData = { ...data, address };
  const worker = new Worker(script, {
    ...{ workerData, env: {}, execArgv: [], stdout: true, stderr: true },
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  worker.stdout.resume();
  let errorOutput = '';
  worker.stderr.on('data', (chunk) => {
    errorOutput = `${errorOutput}${chunk}`.slice(-2_000);
  });
  // Not `once` of node:events: it rejects at an error, which `firstMessage` and the listener below report.
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  const message = await firstMessage(worker, startTimeoutMs);
  if ('failure' in message) {
    await worker.terminate();
    throw new Error(message.failure);
  }
  let isStopping = false;
  worker.on('message', (later: EngineMessage) => {
    if ('failure' in later) errorOutput = later.failure;
  });
  worker.on('error', (error) => {
    errorOutput = error.message;
  });
  exited.then(() => {
    if (!isStopping) onCrash(name, errorOutput || 'it ended');
  });
  return {
    name,
    url: `http://${address}:${message.port}`,
    stop: async () => {
      isStopping = true;
      worker.postMessage('stop');
      const timer = setTimeout(() => worker.terminate(), stopTimeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function firstMessage(worker: Worker, timeoutMs: number): Promise<EngineMessage> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ failure: `not ready within ${timeoutMs} ms` }), timeoutMs);
    const settle = (message: EngineMessage) => {
      clearTimeout(timer);
      resolve(message);
    };
    worker.once('message', settle);
    worker.once('error', (error) => settle({ failure: error.message }));
    worker.once('exit', () => settle({ failure: 'it ended at once' }));
  });
}
