import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { InvokedMessage, InvokeMessage } from './messages.ts';

type Handler = (event: object, context: object) => Promise<{ readonly statusCode: number }>;

/** The timeout of the function, in ms. */
const timeoutMs = 29_000;

let handler: Handler | undefined;

/** A process of its own for the API's function, like an execution environment: it loads the bundle, and serves one invocation at a time. */
process.on('message', async (message: InvokeMessage) => {
  process.send?.(await invoked(message).catch((error: unknown) => ({ error: String(error) })));
});

async function invoked({ load, event, traceHeader }: InvokeMessage): Promise<InvokedMessage> {
  process.env['_X_AMZN_TRACE_ID'] = traceHeader;
  const context = contextUntil(Date.now() + timeoutMs);
  const cpuAtStart = process.cpuUsage();
  const startedAt = performance.now();
  if (load !== undefined) handler = createRequire(load)(load).handler as Handler;
  const loadMs = load === undefined ? 0 : performance.now() - startedAt;
  if (handler === undefined) throw new Error('The bundle is not loaded.');
  const { statusCode } = await handler(event, context);
  const ms = performance.now() - startedAt;
  await setImmediate(); // What the invocation has left to do belongs to its time of processors.
  const { user, system } = process.cpuUsage(cpuAtStart);
  return { timing: { ms, cpuMs: (user + system) / 1_000, loadMs }, statusCode };
}

function contextUntil(deadlineMs: number): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:api',
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}
