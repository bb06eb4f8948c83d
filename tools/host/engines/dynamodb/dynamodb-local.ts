import { join } from 'node:path';
import type { Engine, OnCrash } from '../engine.ts';
import { startKeptProgram } from '../kept-program.ts';
import { startProgramEngine } from '../program-engine.ts';
import { jarsFolder } from './jars.ts';
import { javaProgram } from './java.ts';

const readyTimeoutMs = 30_000;
const server = join(import.meta.dirname, 'OneAddressServer.java');

/**
 * Starts DynamoDB Local, AWS's own engine. `folder`: where it keeps its data; undefined: in memory.
 * @throws {UserError} when it does not start.
 */
export function startDynamodbLocal(folder: string | undefined, onCrash: OnCrash): Promise<Engine> {
  const start = () =>
    startProgramEngine({
      name: 'DynamoDB Local',
      commandFor: (port, address) => command(port, address, folder),
      readyLine: /^DynamoDB Local is ready$/m,
      readyTimeoutMs,
      onCrash,
    });
  return folder === undefined ? start() : startKeptProgram(folder, folder, start);
}

function command(port: number, address: string, folder: string | undefined): string[] {
  const libraries = jarsFolder();
  return [
    javaProgram,
    // Compile little, use little memory.
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m'],
    `-Djava.library.path=${libraries}`,
    ...['-cp', join(libraries, '*'), server, address],
    // By default it lets the pages of every origin in. This is the origin of none.
    ...['-cors', 'https://none.invalid'],
    // One database for all access keys and regions, as every other engine has it.
    ...['-sharedDb', '-disableTelemetry', '-port', String(port)],
    ...(folder === undefined ? ['-inMemory'] : ['-dbPath', folder]),
  ];
}
