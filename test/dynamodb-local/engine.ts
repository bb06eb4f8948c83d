import { join } from 'node:path';
import { awsClient } from '../../tools/host/aws-json.ts';
import type { Engine, OnCrash } from '../../tools/host/engines/engine.ts';
import type { GuardedProcess } from '../../tools/host/engines/guard.ts';
import { startProgramEngine } from '../../tools/host/engines/program-engine.ts';
import { until } from '../support/until.ts';
import { jarsFolder } from './jars.ts';
import { javaProgram } from './java.ts';

const startTimeoutMs = 20_000;

/**
 * DynamoDB Local, AWS's own engine, in memory. It listens on every address of the machine, and no option changes that.
 * @throws {UserError} when it does not start.
 */
export function startDynamoDBLocal(onCrash: OnCrash): Promise<Engine> {
  return startProgramEngine({
    name: 'DynamoDB Local',
    commandFor,
    readyLine: /^CorsParams/m,
    readyTimeoutMs: startTimeoutMs,
    untilAnswers,
    onCrash,
  });
}

function commandFor(port: number): string[] {
  const libraries = jarsFolder();
  return [
    javaProgram,
    // It runs for seconds: compile little, use little memory.
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m'],
    `-Djava.library.path=${libraries}`,
    ...['-cp', join(libraries, '*')],
    'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
    ...['-inMemory', '-disableTelemetry', '-port', String(port)],
    // By default it lets the pages of every origin in. This is the origin of none.
    ...['-cors', 'https://none.invalid'],
  ];
}

/** It prints its configuration before it listens. */
async function untilAnswers(url: string, { exited }: GuardedProcess): Promise<void> {
  let ended: string | undefined;
  exited.then((reason) => {
    ended = reason || 'it ended at once';
  });
  const client = awsClient(url, 'dynamodb');
  const ask = () =>
    client.call('ListTables', {}).then(
      () => 'answers' as const,
      () => ended,
    );
  const outcome = await until(ask, (answer) => answer !== undefined, startTimeoutMs);
  if (outcome !== 'answers') throw new Error(outcome);
}
