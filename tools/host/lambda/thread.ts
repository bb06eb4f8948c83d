import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { InvokeMessage, ThreadData, ThreadMessage } from './messages.ts';
import { describeThrown } from './thrown-error.ts';
import { showTypeScriptInStacks } from './typescript-stacks.ts';

/** Runs in a thread: one execution environment of one function, like Lambda's Node runtime. */
const { codeFolder, handler: handlerName, functionArn } = workerData as ThreadData;

type Handler = (event: unknown, context: object) => unknown;

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

function loadHandler(): Handler {
  const [file = '', name = ''] = handlerName.split('.');
  const path = join(codeFolder, `${file}.js`);
  const handler = createRequire(path)(path)[name];
  if (typeof handler !== 'function') throw new Error(`${handlerName} is undefined or not exported`);
  return handler;
}

function contextOf({ requestId, deadlineMs }: InvokeMessage): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    awsRequestId: requestId,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function serve(handler: Handler): void {
  parentPort?.on('message', async (message: InvokeMessage) => {
    try {
      const result = await handler(JSON.parse(message.payload), contextOf(message));
      send({ kind: 'result', payload: JSON.stringify(result) ?? 'null' });
    } catch (error) {
      send({ kind: 'error', error: describeThrown(error) });
    }
  });
  send({ kind: 'ready' });
}

showTypeScriptInStacks();
let handler: Handler | undefined;
try {
  handler = loadHandler();
} catch (error) {
  send({ kind: 'not-loaded', error: describeThrown(error) });
}
if (handler !== undefined) serve(handler);
