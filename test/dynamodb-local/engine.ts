import { join } from 'node:path';
import { awsClient } from '../../tools/host/aws-json.ts';
import type { Engine, OnCrash } from '../../tools/host/engines/engine.ts';
import { freePort, loopback } from '../../tools/host/engines/free-port.ts';
import { type GuardedProcess, startGuarded } from '../../tools/host/engines/guard.ts';
import { messageOf, UserError } from '../../tools/host/user-error.ts';
import { until } from '../support/until.ts';
import { jarsFolder } from './jars.ts';
import { javaProgram } from './java.ts';

const startTimeoutMs = 20_000;
const portAttempts = 3;

/**
 * DynamoDB Local, AWS's own engine, in memory. It listens on every address of the machine and has no option for another.
 * @throws {UserError} when it does not start.
 */
export async function startDynamoDBLocal(onCrash: OnCrash): Promise<Engine> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const url = `http://${loopback}:${port}`;
    try {
      const guarded = await startGuarded(commandFor(port), /^CorsParams/m, startTimeoutMs);
      let isStopping = false;
      guarded.exited.then((reason) => {
        if (!isStopping) onCrash('DynamoDB Local', reason || 'it ended');
      });
      const stop = async () => {
        isStopping = true;
        await guarded.stop();
      };
      await untilAnswers(url, guarded).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
      return { name: 'DynamoDB Local', url, stop };
    } catch (error) {
      // Another program may have taken the port in between.
      if (attempt === portAttempts) throw new UserError(`DynamoDB Local did not start: ${messageOf(error)}`);
    }
  }
}

function commandFor(port: number): string[] {
  const libraries = jarsFolder();
  return [
    javaProgram,
    // It lives for seconds: compile little, take little memory.
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m'],
    `-Djava.library.path=${libraries}`,
    ...['-cp', join(libraries, '*')],
    'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
    ...['-inMemory', '-disableTelemetry', '-port', String(port)],
  ];
}

/** It says how it is configured before it listens. */
async function untilAnswers(url: string, { exited }: GuardedProcess): Promise<void> {
  let ended: string | undefined;
  exited.then((reason) => {
    ended = reason || 'it ended at once';
  });
  const client = awsClient(url, 'dynamodb');
  try {
    const ask = () =>
      client.call('ListTables', {}).then(
        () => 'answers' as const,
        () => ended,
      );
    const outcome = await until(ask, (answer) => answer !== undefined, startTimeoutMs);
    if (outcome !== 'answers') throw new Error(outcome);
  } finally {
    client.close();
  }
}
