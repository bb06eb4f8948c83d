import { awsClient, credentials } from '../aws-json.ts';
import type { HostConsole } from '../console.ts';
import { Cors } from '../endpoints/cors.ts';
import { HttpApiRoutes } from '../endpoints/routes.ts';
import type { Engines } from '../engines/engines.ts';
import type { WakeSignal } from '../event-sources/wake-signal.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { LocalKms } from '../kms/local-kms.ts';
import { AsynchronousInvocations } from '../lambda/asynchronous.ts';
import type { FailureReports } from '../lambda/failure-reports.ts';
import { Roles } from './roles.ts';
import type { World } from './world.ts';

export interface WorldParts extends Pick<World, 'functions' | 'keyOf' | 'spanTarget'> {
  readonly engines: Engines;
  readonly kms: LocalKms;
  readonly awsUrl: string;
  /** Where functions call AWS. Without it, they call S3 and KMS at `awsUrl`, and the rest at the engines. */
  readonly guardUrl?: string;
  readonly output: HostConsole;
  readonly wakeSignal: WakeSignal;
  readonly failures: FailureReports;
  readonly inspectors: readonly Inspector[];
}

/** A world without resources. */
export function newWorld(parts: WorldParts): World {
  const { engines, kms, awsUrl, guardUrl: guard, output, wakeSignal, failures, inspectors, ...rest } = parts;
  const urls = {
    dynamodb: engines.dynamodb.url,
    kinesis: engines.kinesis.url,
    queues: engines.queues.url,
    kms: awsUrl,
  };
  return {
    ...rest,
    dynamodb: awsClient(urls.dynamodb, 'dynamodb'),
    kinesis: awsClient(urls.kinesis, 'kinesis'),
    sqs: awsClient(urls.queues, 'sqs'),
    kms,
    urls,
    functionAccess:
      guard === undefined
        ? { urls: { ...urls, s3: awsUrl }, accessKeyId: () => credentials.accessKeyId }
        : {
            urls: { dynamodb: guard, kinesis: guard, queues: guard, kms: guard, s3: guard },
            accessKeyId: (functionName) => functionName,
          },
    roles: new Roles(),
    eventSourceMappings: [],
    schedules: [],
    eventRules: [],
    routes: new HttpApiRoutes(),
    cors: new Cors(),
    bucketsReadByPages: new Set(),
    authorizers: new Map(),
    say: output.say,
    onFunctionLog: output.functionLog,
    onInvoked: () => wakeSignal.wake(),
    failures,
    inspectors,
    asynchronous: new AsynchronousInvocations({ warn: output.warn }),
  };
}
