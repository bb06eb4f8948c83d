import { createRequire, enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { InvokeMessage, ThreadData, ThreadMessage } from './messages.ts';
import { describeThrown } from './thrown-error.ts';
import { showTypeScriptInStacks } from './typescript-stacks.ts';

/** How an execution environment talks to the host. */
export interface HostChannel {
  send(message: ThreadMessage): void;
  onInvoke(listener: (message: InvokeMessage) => void): void;
}

type Handler = (event: unknown, context: object) => unknown;

/** Loads a function and serves its invocations, like Lambda's Node runtime. */
export function runFunction(data: ThreadData, channel: HostChannel): void {
  showTypeScriptInStacks();
  // A function that has ended starts again in half of the time. Beside the code, so that it is removed with the code.
  enableCompileCache(join(data.codeFolder, '.compile-cache'));
  let handler: Handler;
  try {
    handler = loadHandler(data);
  } catch (error) {
    channel.send({ kind: 'not-loaded', error: describeThrown(error) });
    // Waits for the host to end it: if it ended by itself, that would look like a crash.
    channel.onInvoke(() => undefined);
    return;
  }
  channel.onInvoke(async (message) => {
    try {
      const result = await handler(JSON.parse(message.payload), contextOf(data, message));
      channel.send({ kind: 'result', payload: JSON.stringify(result) ?? 'null' });
    } catch (error) {
      channel.send({ kind: 'error', error: describeThrown(error) });
    }
  });
  channel.send({ kind: 'ready' });
  flushCompileCache();
}

function loadHandler({ codeFolder, handler: handlerName }: ThreadData): Handler {
  const [file = '', name = ''] = handlerName.split('.');
  const path = join(codeFolder, `${file}.js`);
  const handler = createRequire(path)(path)[name];
  if (typeof handler !== 'function') throw new Error(`${handlerName} is undefined or not exported`);
  return handler;
}

function contextOf({ functionArn }: ThreadData, { requestId, deadlineMs }: InvokeMessage): object {
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
