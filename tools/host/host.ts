import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type FunctionCall, gateListener } from '../../test/permissions/gate.ts';
import type { Grant } from '../../test/permissions/policy.ts';
import { Roles } from '../../test/permissions/roles.ts';
import { bundleOptions, functionNames } from '../bundle/bundle.ts';
import { awsClient, credentials } from './aws-json.ts';
import { type HostConsole, silentConsole } from './console.ts';
import { awsListener } from './endpoints/aws-api.ts';
import { httpApiListener } from './endpoints/http-api.ts';
import { LambdaApi } from './endpoints/lambda-api.ts';
import { HttpApiRoutes } from './endpoints/routes.ts';
import { openEndpoint } from './endpoints/server.ts';
import { startEngines } from './engines/engines.ts';
import { startEventSources } from './event-sources/event-sources.ts';
import type { EventSourceMapping } from './event-sources/mapping.ts';
import { startSchedules } from './event-sources/schedule.ts';
import { WakeSignal } from './event-sources/wake-signal.ts';
import { FunctionRegistry } from './lambda/registry.ts';
import { readAssembly } from './template/assembly.ts';
import { deployStack } from './template/deploy.ts';
import { synthesize } from './template/synthesize.ts';
import type { World } from './template/world.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { watchSources } from './watch/watch.ts';

export interface HostOptions {
  /** Where HTTP routes answer; 0 takes a free port. */
  httpPort: number;
  /** Where AWS's APIs answer; 0 takes a free port. */
  awsPort: number;
  /** Keeps the data across restarts; without, all of it goes when the host stops. */
  persistFolder?: string;
  /** A DynamoDB to use instead of starting one. */
  dynamodbUrl?: string;
  /** A synthesized app to host; without, this project is synthesized when it has changed. */
  assemblyFolder?: string;
  /** Rebuild and reload functions whose sources change. */
  watch?: boolean;
  /**
   * Told of every call that a function makes to AWS. With it, the calls are held to the policies of the functions' roles
   * and denied where those do not allow them, as on AWS; without, they go straight to the engines.
   */
  onCall?: (call: FunctionCall) => void;
  console?: HostConsole;
  /** Told when an engine ends that nobody stopped: the host is of no use any more, and the caller should stop it. */
  onEngineCrash?: (engineName: string, reason: string) => void;
}

export interface Host {
  readonly httpUrl: string;
  readonly awsUrl: string;
  /** Of the deployed functions. */
  readonly functionNames: readonly string[];
  /** What each function may do by its role, where the calls are held to it; else empty. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
  /** Ends everything this host started and waits for it. May be called again. */
  stop(): Promise<void>;
}

const projectRoot = join(import.meta.dirname, '../..');

/**
 * Hosts the synthesized app: engines, functions, event sources and endpoints, all on loopback.
 * @throws {UserError} for what a person can put right; nothing keeps running then.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const cleanup = new AsyncDisposableStack();
  try {
    const started = await start(options, cleanup);
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= cleanup.disposeAsync();
      return stopping;
    };
    return { ...started, stop };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

/** What is started goes on `cleanup` at once, which undoes it in reverse. */
async function start(options: HostOptions, cleanup: AsyncDisposableStack): Promise<Omit<Host, 'stop'>> {
  const output = options.console ?? silentConsole;
  const persistFolder = options.persistFolder === undefined ? undefined : resolve(options.persistFolder);
  const temporaryFolder = await makeTemporaryFolder();
  cleanup.defer(() => rm(temporaryFolder, { recursive: true, force: true }));

  // Both ports first: that one is taken shows before anything slow has begun.
  const http = cleanup.adopt(await openEndpoint(options.httpPort, '--http', output.warn), (it) => it.stop());
  const aws = cleanup.adopt(await openEndpoint(options.awsPort, '--aws', output.warn), (it) => it.stop());

  const starting = startEngines({
    temporaryFolder,
    ...(persistFolder !== undefined && { persistFolder }),
    ...(options.dynamodbUrl !== undefined && { dynamodbUrl: options.dynamodbUrl }),
    onCrash: options.onEngineCrash ?? ((name, reason) => output.warn(`${name} ended: ${reason}`)),
  }).then((engines) => cleanup.adopt(engines, (it) => it.stop()));
  const synthesizing =
    options.assemblyFolder ??
    synthesize(projectRoot, () => output.say('Building and synthesizing the app ...'));
  // Both to their end, so that a failure of one leaves nothing of the other behind.
  const [engineStart, synthesis] = await Promise.allSettled([starting, synthesizing]);
  if (engineStart.status === 'rejected') throw engineStart.reason;
  if (synthesis.status === 'rejected') throw synthesis.reason;
  const engines = engineStart.value;

  const urls = { dynamodb: engines.dynamodb.url, kinesis: engines.kinesis.url, queues: engines.queues.url };
  const client = (...args: Parameters<typeof awsClient>) =>
    cleanup.adopt(awsClient(...args), (it) => it.close());
  const wakeSignal = new WakeSignal();
  const functions = cleanup.adopt(new FunctionRegistry(), (it) => it.stop());
  const eventSourceMappings: EventSourceMapping[] = [];
  const routes = new HttpApiRoutes();
  const roles = new Roles();
  const { onCall } = options;
  const gate = onCall && cleanup.adopt(await openEndpoint(0, '', output.warn), (it) => it.stop());
  const world: World = {
    dynamodb: client(urls.dynamodb, 'dynamodb'),
    kinesis: client(urls.kinesis, 'kinesis'),
    sqs: client(urls.queues, 'sqs'),
    urls,
    functionAccess: gate
      ? {
          urls: { dynamodb: gate.url, kinesis: gate.url, queues: gate.url },
          accessKeyId: (functionName) => functionName,
        }
      : { urls, accessKeyId: () => credentials.accessKeyId },
    httpUrl: http.url,
    functions,
    roles,
    eventSourceMappings,
    schedules: [],
    eventRules: [],
    routes,
    onFunctionLog: output.functionLog,
    onInvoked: () => wakeSignal.wake(),
  };
  for (const stack of readAssembly(synthesis.value)) await deployStack(stack, world);
  const grants = onCall ? roles.grants() : new Map();
  if (onCall) gate?.serve(gateListener({ urls, grants, onCall }));
  engines.indexStreamRecords();
  for (const localFunction of functions.list()) localFunction.warm();

  const eventSources = startEventSources(eventSourceMappings, {
    streams: client(urls.dynamodb, 'dynamodb-streams'),
    kinesis: world.kinesis,
    sqs: world.sqs,
    s3Url: urls.queues,
    eventRules: world.eventRules,
    wakeSignal,
    ...(persistFolder !== undefined && { checkpointFolder: join(persistFolder, 'checkpoints') }),
    warn: output.warn,
  });
  cleanup.defer(() => eventSources.stop());
  cleanup.adopt(startSchedules(world.schedules, output.warn), (it) => it.stop());
  if (options.watch === true) {
    const watcher = watchSources({
      root: projectRoot,
      outputFolder: join(temporaryFolder, 'bundles'),
      bundleOptions: (folder) => bundleOptions(functionNames(), folder),
      functions,
      output,
    });
    cleanup.defer(() => watcher.stop());
  }
  http.serve(httpApiListener(routes));
  aws.serve(awsListener(urls, new LambdaApi(functions, eventSourceMappings, output.warn)));
  const names = functions.list().map(({ configuration }) => configuration.name);
  return { httpUrl: http.url, awsUrl: aws.url, functionNames: names, grants };
}
