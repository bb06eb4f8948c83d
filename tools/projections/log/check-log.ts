import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Outcome } from '../session.ts';
import { progressLine, reportLines } from './log-report.ts';
import { logTables } from './log-tables.ts';
import { type LogReport, verifyLog } from './verify-log.ts';

/** Attempts per call: a check of hours must survive throttling. */
const maxAttempts = 10;

/** How often progress is shown, in ms: a log gets fewer lines than a terminal. */
const progressMs = process.stderr.isTTY ? 500 : 10_000;

/** Checks the log of a stage. Reads its tables itself, so that no function of the stage can hide something. */
export async function checkLog(
  stage: string,
  segments: number,
  options: Pick<DynamoDBClientConfig, 'region' | 'credentials' | 'endpoint'>,
): Promise<Outcome> {
  const clientOptions = { ...options, maxAttempts };
  const tables = await logTables(new LambdaClient(clientOptions), stage);
  const client = new DynamoDBClient(clientOptions);
  const report = await verifyLog({ client, tables, segments, onProgress: progress() });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  return { code: report.broken === 0 ? 0 : 1, lines: reportLines(report), report };
}

/** Shows progress on stderr: in one line of a terminal, or as lines of a log. */
function progress(): (report: Readonly<LogReport>) => void {
  let shownAt = Date.now();
  return (report) => {
    if (Date.now() - shownAt < progressMs) return;
    shownAt = Date.now();
    const line = progressLine(report);
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
}
