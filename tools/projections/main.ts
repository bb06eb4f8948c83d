import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { credentials, region } from '../host/aws-json.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { type ProjectionsArguments, parseProjectionsArguments, usage } from './args.ts';
import { logTables } from './log-tables.ts';
import { progressLine, reportLines } from './report.ts';
import { type LogReport, verifyLog } from './verify-log.ts';

/** The exit codes. */
const [soundCode, brokenCode, failedCode] = [0, 1, 2];

/** Attempts per call: a check of hours must survive throttling. */
const maxAttempts = 10;

/** How often progress is shown, in ms: a log gets fewer lines than a terminal. */
const progressMs = process.stderr.isTTY ? 500 : 10_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const chosen = parseProjectionsArguments(process.argv.slice(2));
  if (chosen.command === 'help') {
    say(usage);
    return soundCode;
  }
  const options = clientOptions(chosen);
  const tables = await logTables(new LambdaClient(options), chosen.stage);
  const client = new DynamoDBClient(options);
  const report = await verifyLog({ client, tables, segments: chosen.segments, onProgress: progress() });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  for (const line of reportLines(report)) say(line);
  return report.broken === 0 ? soundCode : brokenCode;
}

/** The local host checks no credentials. A stage has those of the environment. */
function clientOptions({ stage, endpoint }: Exclude<ProjectionsArguments, { command: 'help' }>) {
  const local = stage === 'local' ? { region, credentials } : {};
  return { ...local, ...(endpoint !== undefined && { endpoint }), maxAttempts };
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

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : messageOf(error)}\n`);
  process.exitCode = failedCode;
}
