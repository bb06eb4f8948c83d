import { withoutAws } from '../../../emulator/aws-environment.ts';
import type { Engine, OnCrash } from '../engine.ts';
import { startProgramEngine } from '../program-engine.ts';

const readyTimeoutMs = 60_000;

/**
 * Starts the DynamoDB of MiniStack, the emulator, in memory.
 * @param python the interpreter of an environment that has MiniStack
 * @param folder for its files; it keeps nothing there
 * @throws {UserError} when it does not start.
 */
export function startMinistackDynamodb(python: string, folder: string, onCrash: OnCrash): Promise<Engine> {
  return startProgramEngine({
    name: "MiniStack's DynamoDB",
    commandFor: () => [python, '-m', 'ministack'],
    environmentFor: (port, address) => ({
      ...withoutAws(process.env),
      GATEWAY_PORT: String(port),
      BIND_HOST: address,
      SERVICES: 'dynamodb,dynamodbstreams',
      // Servers of other services, on ports of their own.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      TMPDIR: folder,
      STATE_DIR: folder,
      S3_DATA_DIR: folder,
      PYTHONUNBUFFERED: '1',
    }),
    readyLine: /Running on http/,
    readyTimeoutMs,
    onCrash,
  });
}
