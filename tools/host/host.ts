import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { allOrFirstFailure } from './all-or-first-failure.ts';
import { issuer as issuerName, keyIn, newKey, pemOf, TokenIssuer, type TokenRequest } from './auth/issuer.ts';
import { announce } from './auth/running-hosts.ts';
import { awsClient } from './aws-json.ts';
import { readSources } from './bundles/source-list.ts';
import type { CallInterceptor } from './call-interceptor.ts';
import { type HostConsole, silentConsole } from './console.ts';
import { awsListener, awsPolicy } from './endpoints/aws-api.ts';
import { awsShape, type ErrorShape, problemShape } from './endpoints/error-answer.ts';
import { httpApiListener, httpPolicy } from './endpoints/http-api.ts';
import { lambdaListener } from './endpoints/lambda-api.ts';
import { type Endpoint, openEndpoint } from './endpoints/server.ts';
import type { DynamodbChoice } from './engines/dynamodb/choose.ts';
import { startEngines } from './engines/engines.ts';
import { startEventSources } from './event-sources/event-sources.ts';
import { startSchedules } from './event-sources/schedule.ts';
import { WakeSignal } from './event-sources/wake-signal.ts';
import type { Inspection } from './inspect/inspect-option.ts';
import { makeInspectedFolder } from './inspect/inspected-folder.ts';
import { type Inspector, inspectorsFor } from './inspect/inspector.ts';
import { kmsListener } from './kms/kms-listener.ts';
import { LocalKms } from './kms/local-kms.ts';
import { masterKeyIn, newMasterKey } from './kms/master-key.ts';
import { FailureReports } from './lambda/failure-reports.ts';
import { FunctionRegistry } from './lambda/registry.ts';
import { announceHost, hostAt, portOfHost } from './other-hosts.ts';
import { forwardedConsole } from './otlp/forwarded-console.ts';
import { privateDataFolder } from './private-folder.ts';
import { hostSettings, type StageSettings } from './settings.ts';
import { reportedSteps } from './steps.ts';
import { readAssembly } from './template/assembly.ts';
import { deployStack } from './template/deploy.ts';
import { newWorld } from './template/new-world.ts';
import { isCurrent, newBundler, synthesize } from './template/synthesize.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import type { TracesPayload } from './traces/otlp-spans.ts';
import { openTraceReceiver } from './traces/trace-receiver.ts';
import { watchSources } from './watch/watch.ts';

export interface HostOptions extends DynamodbChoice {
  /** The port of the HTTP routes; 0: any free port. */
  httpPort: number;
  /** The port of AWS's APIs; 0: any free port. */
  awsPort: number;
  /** The folder that keeps the data across restarts, readable by its owner only. Without it, the data are deleted when the host stops. */
  persistFolder?: string;
  /** A synthesized app to host. Without it, this project is synthesized when it has changed. */
  assemblyFolder?: string;
  /** Settings of the stage that differ from those of `local`. Without effect on an app of `assemblyFolder`. */
  settings?: StageSettings;
  /** Callers need tokens of an issuer of this host. By default everybody may do everything. */
  auth?: boolean;
  /** Accounts are for the callers who opened them. Needs `auth`. */
  owners?: boolean;
  /** Functions that run in a process of their own, so that a debugger can stop them. */
  inspect?: readonly Inspection[];
  /** Rebuild and reload functions when their sources change. */
  watch?: boolean;
  /** Answers the calls that functions make to AWS. Without it, the calls go directly to the engines. */
  interceptCalls?: CallInterceptor;
  /** Default: true. False: functions send no spans, unless the template has them do so. */
  traces?: boolean;
  /** The base URL of a receiver of OTLP/HTTP in JSON, without `/` at its end. Functions send their spans to it, and the host what they log. */
  otlpUrl?: string;
  /** Called when the resources exist, before functions get events and before the endpoints answer. */
  onCreated?: (app: CreatedApp) => Promise<void>;
  console?: HostConsole;
  /** Called when an engine ends without being stopped. The host can no longer work: the caller should stop it. */
  onEngineCrash?: (engineName: string, reason: string) => void;
}

/** An app whose resources exist, before it runs. */
export interface CreatedApp {
  readonly dynamodbUrl: string;
  /** The environment of a function; undefined if there is no such function. */
  readonly environmentOf: (functionName: string) => Readonly<Record<string, string>> | undefined;
}

/** A running host. */
export interface Host {
  readonly httpUrl: string;
  /** False if the app has no HTTP API: then `httpUrl` only says so. */
  readonly hasHttpApi: boolean;
  readonly awsUrl: string;
  /** The receiver of the functions' spans, which also finds them. Missing: they send none, or to another. */
  readonly tracesUrl?: string;
  /** The receiver to which functions send spans, and the host what they log. */
  readonly otlpUrl?: string;
  /** The name of its DynamoDB, for people. */
  readonly dynamodbName: string;
  /** Where the data are kept. Without it, they are deleted when the host stops. */
  readonly dataFolder?: string;
  /** The DynamoDB that ran already. It keeps its tables itself. */
  readonly externalDynamodbUrl?: string;
  /** Where debuggers attach. */
  readonly inspectors?: readonly Inspector[];
  /** The names of the deployed functions. */
  readonly functionNames: readonly string[];
  /** The names of those whose code did not load. Why has been told. */
  readonly notLoaded: readonly string[];
  /**
   * Ends the instances of a function that run an invocation, as Lambda does when one uses up its memory. Resolves with their number.
   * Throws if there is no such function.
   */
  killRunning(functionName: string): Promise<number>;
  /** The spans that its receiver keeps, oldest first. Also after its stop. */
  receivedSpans(): Required<TracesPayload>;
  /** Issues a token, if callers need one. */
  readonly issueToken?: (request: TokenRequest) => string;
  /** Ends everything that this host started and waits for it. Further calls have no effect. */
  stop(): Promise<void>;
}

const projectRoot = join(import.meta.dirname, '../..');

/**
 * Hosts the synthesized app: engines, functions, event sources and endpoints, all on loopback.
 * @throws {UserError} for a mistake that the user can correct. Everything that was started is then stopped.
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

/** Registers everything that it starts with `cleanup`, which stops it in reverse order. */
async function start(options: HostOptions, cleanup: AsyncDisposableStack): Promise<Omit<Host, 'stop'>> {
  const output = options.console ?? silentConsole;
  const runStep = reportedSteps(output);
  const persistFolder = options.persistFolder && resolve(options.persistFolder);
  if (persistFolder !== undefined) await privateDataFolder(persistFolder, output.warn);
  const settings = hostSettings(options.settings, options);
  const temporaryFolder = await makeTemporaryFolder();
  cleanup.defer(() => rm(temporaryFolder, { recursive: true, force: true }));
  const open = async (port: number, option: string, errorShape: ErrorShape) => {
    const opening = openEndpoint({ port, option, errorShape, warn: output.warn });
    return cleanup.adopt(await opening.catch((error) => failToOpen(port, error)), (it) => it.stop());
  };

  // The ports first: a port that is in use is reported before slow steps begin.
  const http = await open(options.httpPort, '--http', problemShape);
  const aws = await open(options.awsPort, '--aws', awsShape);
  const guard = options.interceptCalls && (await open(0, '', awsShape));
  const { otlpUrl } = options;
  const isReceiver = options.traces !== false && otlpUrl === undefined;
  const receiver = isReceiver
    ? cleanup.adopt(await openTraceReceiver(output.warn), (it) => it.stop())
    : undefined;
  await announceHost(temporaryFolder, {
    ...{ pid: process.pid, httpPort: portOf(http), awsPort: portOf(aws), project: projectRoot },
    ...(receiver && { tracesPort: receiver.port }),
    ...(otlpUrl !== undefined && { otlpUrl }),
  });
  const inspectors = await inspectorsFor(options.inspect ?? []);
  const codeFolder = inspectors.length > 0 ? await makeInspectedFolder(projectRoot) : temporaryFolder;
  cleanup.defer(() => rm(codeFolder, { recursive: true, force: true }));
  const issuer = options.auth === true ? await startIssuer(http, persistFolder, cleanup) : undefined;

  const engineOptions = {
    temporaryFolder,
    ...(persistFolder && { persistFolder }),
    ...(options.dynamodbUrl !== undefined && { dynamodbUrl: options.dynamodbUrl }),
    ...(options.dynamodbEngine !== undefined && { dynamodbEngine: options.dynamodbEngine }),
    say: output.say,
    onCrash: options.onEngineCrash ?? ((name, reason) => output.warn(`${name} ended: ${reason}`)),
  };
  const bundler = newBundler(projectRoot, options.watch === true ? 'readable' : 'deployed');
  const [engines, assemblyFolder] = await allOrFirstFailure([
    runStep({ doing: 'Starting the engines', done: 'Started DynamoDB, Kinesis, SQS and S3' }, () =>
      startEngines(engineOptions, cleanup),
    ),
    options.assemblyFolder ?? synthesize(projectRoot, { settings, bundler, runStep }),
  ]);

  const wakeSignal = new WakeSignal();
  const failures = new FailureReports({
    root: projectRoot,
    warn: output.warn,
    loadAdvice: options.watch
      ? 'It is loaded again at its next invocation, and when you save a change of its source.'
      : 'It is loaded again at its next invocation.',
  });
  const kms = await startKms(persistFolder);
  const functions = new FunctionRegistry();
  const forwarded =
    otlpUrl === undefined
      ? undefined
      : cleanup.adopt(forwardedConsole(output, otlpUrl, functions), (it) => it.stop());
  const world = newWorld({
    ...{ engines, kms, functions, wakeSignal, failures, inspectors },
    output: forwarded?.output ?? output,
    awsUrl: aws.url,
    ...(guard && { guardUrl: guard.url }),
    ...(options.traces !== false && { spanTarget: receiver?.target ?? { endpoint: `${otlpUrl}/v1/traces` } }),
    keyOf: (name) => (name === issuerName ? issuer?.publicKey : undefined),
  });
  const { urls, roles, asynchronous } = world;
  cleanup.defer(() => failures.stop());
  // After the functions: what is done until they have stopped is not lost.
  cleanup.defer(() => asynchronous.stop());
  cleanup.defer(() => functions.stop());
  await runStep(
    { doing: 'Creating the resources', done: 'Created tables, streams, queues and functions' },
    () => deployStack(readAssembly(assemblyFolder), world),
  );
  if (options.interceptCalls)
    guard?.serve(options.interceptCalls({ urls, policies: roles.policies() }), awsPolicy);
  engines.dynamodb.onTablesCreated?.();
  await options.onCreated?.({
    dynamodbUrl: urls.dynamodb,
    environmentOf: (name) => functions.find(name)?.configuration.environment,
  });
  const { routes, cors, bucketsReadByPages } = world;
  const lambda = lambdaListener(functions, asynchronous);
  // Before events arrive: functions reach documents by it.
  aws.serve(
    awsListener({
      urls,
      lambda,
      kms: kmsListener(kms),
      isReadByPages: (name) => bucketsReadByPages.has(name),
    }),
    awsPolicy,
  );
  const loading = runStep({ doing: 'Loading the functions', done: 'Loaded the functions' }, () =>
    functions.load(output.warn),
  );

  const eventSources = startEventSources(world.eventSourceMappings, {
    streams: awsClient(urls.dynamodb, 'dynamodb-streams'),
    kinesis: world.kinesis,
    sqs: world.sqs,
    s3Url: urls.queues,
    eventRules: world.eventRules,
    wakeSignal,
    ...(persistFolder && { checkpointFolder: join(persistFolder, 'checkpoints') }),
    warn: output.warn,
  });
  cleanup.defer(() => eventSources.stop());
  cleanup.adopt(startSchedules(world.schedules, asynchronous, output.warn), (it) => it.stop());
  // Before everything that may wait for a function: a debugger can hold an inspected one.
  cleanup.defer(() => functions.stopInspected());
  if (options.watch === true) {
    const outputFolder = join(codeFolder, 'bundles');
    const sources = await readSources(assemblyFolder);
    const watcher = await watchSources({
      root: projectRoot,
      bundler,
      sources,
      outputFolder,
      functions,
      output,
    });
    cleanup.defer(async () => {
      await Promise.all([watcher.stop(), functions.stopInspected()]);
    });
    const isOwnApp = options.assemblyFolder === undefined;
    if (isOwnApp && !isCurrent(assemblyFolder, projectRoot, settings, bundler)) {
      output.warn('Sources have changed while the host started: stop it and start it again to run them.');
    }
  }
  http.serve(httpApiListener({ routes, cors }), httpPolicy(cors));
  const names = functions.list().map(({ configuration }) => configuration.name);
  return {
    httpUrl: http.url,
    hasHttpApi: world.routes.exist,
    awsUrl: aws.url,
    ...(receiver && { tracesUrl: receiver.url }),
    ...(otlpUrl !== undefined && { otlpUrl }),
    receivedSpans: () => receiver?.spans() ?? { resourceSpans: [] },
    dynamodbName: engines.dynamodb.name,
    ...(persistFolder && { dataFolder: persistFolder }),
    ...(options.dynamodbUrl !== undefined && { externalDynamodbUrl: options.dynamodbUrl }),
    ...(inspectors.length > 0 && { inspectors }),
    functionNames: names,
    notLoaded: await loading,
    killRunning: (functionName) => {
      const found = functions.find(functionName);
      if (found === undefined) throw new RangeError(`There is no function ${functionName}.`);
      return found.killRunning();
    },
    ...(issuer && { issueToken: (request: TokenRequest) => issuer.issue(request, new Date()) }),
  };
}

/** Says which host has the port, if one has it: a second start is the most common mistake. */
function failToOpen(port: number, error: unknown): never {
  const other = hostAt(port);
  throw other === undefined ? error : portOfHost(port, other);
}

function portOf({ url }: Endpoint): number {
  return Number(new URL(url).port);
}

/** The issuer of a host. Its key is kept with the data, or lasts as long as the host. */
async function startIssuer(
  endpoint: Endpoint,
  persistFolder: string | undefined,
  cleanup: AsyncDisposableStack,
): Promise<TokenIssuer> {
  const key = await (persistFolder === undefined ? newKey() : keyIn(join(persistFolder, 'issuer-key.pem')));
  cleanup.defer(await announce(portOf(endpoint), pemOf(key)));
  return new TokenIssuer(key);
}

/** KMS. Its master key is kept with the data, or lasts as long as the host. */
async function startKms(persistFolder: string | undefined): Promise<LocalKms> {
  const file = persistFolder && join(persistFolder, 'kms-master-key');
  return new LocalKms(file ? await masterKeyIn(file) : newMasterKey());
}
