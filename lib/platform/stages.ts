import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { z } from 'zod';
import { projectorTimeoutSeconds } from '../../schema/projections.ts';
import { modelProblem } from './model-region.ts';
import { emulatorAccount, settingsSchema } from './settings.ts';
import { otlpProblem } from './tracing-setting.ts';

/** What differs between stages; `lib/platform/settings.ts` documents each setting. */
export type StageConfig = z.infer<typeof settingsSchema>;

/** The properties of every construct that contains a function. */
export interface StageProps {
  readonly stage: string;
  readonly config: StageConfig;
  /** Contains a folder for each function, with its bundle `index.js`. */
  readonly bundlesFolder: string;
}

/** The default stage. Like every stage except `local`, it refuses requests without a signature. */
export const defaultStage = 'dev';

/** How long functions use what they know of the generations, in seconds: the kernel's `generationCacheMs`. A test compares them. */
const generationCacheSeconds = 2;

/** How long after the stamp of a change of generations its write may end, in seconds: the attempts of one call, and the difference of two clocks. */
const generationChangeMaxSeconds = 30;

/**
 * After this time every projector acts on a change of generations. An invocation that has just used an older state at the end of its
 * cache's time may still write until its timeout.
 */
const generationSettleSeconds = generationCacheSeconds + projectorTimeoutSeconds + generationChangeMaxSeconds;

/**
 * The stages by name, at most 31 characters: function names contain it, and Lambda limits those to 64. To add a stage, add
 * an entry; `{ ...dev, logLevel: 'DEBUG' }` copies the other settings. A deployment can override each setting, and must set
 * those that the stage does not have: `-c settings='{"alarms":{"email":"ops@example.com"}}'`, or the same object as
 * `settings` in the context of `cdk.json`.
 */
const stages: Readonly<Record<string, Partial<StageConfig>>> = {
  /** This machine, and emulators of AWS. Its API is open, so the stack is bound to the account that only emulators use. */
  local: {
    environment: { account: emulatorAccount, region: 'us-east-1' },
    protectData: false,
    storageKey: 'aws',
    alarms: 'silent',
    httpApi: 'on',
    authorizer: 'none',
    accountOwners: false,
    throttling: { ratePerSecond: 10_000, burst: 5_000 },
    apiConcurrency: 'shared',
    cors: 'closed',
    snapshotThreshold: 100,
    eventStreamShards: 2,
    projectorsPerShard: 1,
    rebuildConcurrency: 4,
    verifySample: 100,
    generationSettleSeconds,
    eventFilters: 'off',
    analyzer: 'embedded',
    // Emulators have no endpoint for spans. The local host receives them itself, and sets the variables of its functions.
    tracing: 'off',
    dataEvents: 'off',
    // Emulators measure nothing that it could show, and LocalStack has no dashboards in CloudFormation.
    dashboard: 'off',
    retentionDays: 'off',
    logLevel: 'INFO',
    logRetention: RetentionDays.ONE_DAY,
  },
  /** For trials on AWS: destroying the stack deletes everything, once its buckets are empty. */
  dev: {
    protectData: false,
    storageKey: 'aws',
    alarms: 'silent',
    httpApi: 'on',
    authorizer: 'iam',
    accountOwners: false,
    throttling: { ratePerSecond: 100, burst: 200 },
    apiConcurrency: 'shared',
    cors: 'closed',
    snapshotThreshold: 100,
    eventStreamShards: 1,
    projectorsPerShard: 1,
    rebuildConcurrency: 4,
    verifySample: 100,
    generationSettleSeconds,
    eventFilters: 'off',
    analyzer: 'embedded',
    tracing: { otlp: { to: 'cloudwatch', ratio: 1 } },
    dataEvents: 'off',
    dashboard: 'on',
    retentionDays: 'off',
    logLevel: 'INFO',
    logRetention: RetentionDays.ONE_WEEK,
  },
  /** Has no `alarms`: the person who deploys it must name a receiver. */
  prod: {
    protectData: true,
    storageKey: 'customer-managed',
    httpApi: 'on',
    authorizer: 'iam',
    accountOwners: false,
    throttling: { ratePerSecond: 1_000, burst: 2_000 },
    // Enough for 1,000 requests a second that take half a second each, as at a cold start.
    apiConcurrency: { reserved: 500, accountLimit: 1_000 },
    cors: 'closed',
    snapshotThreshold: 100,
    eventStreamShards: 'on-demand',
    projectorsPerShard: 2,
    rebuildConcurrency: 4,
    verifySample: 100,
    generationSettleSeconds,
    eventFilters: 'off',
    analyzer: 'embedded',
    // Invocations that fail are recorded whatever the ratio is.
    tracing: { otlp: { to: 'cloudwatch', ratio: 0.05 } },
    dataEvents: 'on',
    dashboard: 'on',
    retentionDays: 'off',
    logLevel: 'INFO',
    logRetention: RetentionDays.THREE_MONTHS,
  },
};

/** An invalid stage or setting. The message is for the person at the command line: one sentence per mistake. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/**
 * The settings of a stage, overridden by those in `settings` (an object, or its JSON).
 * Throws {@link StageError} for an unknown stage, and for a missing, unknown or invalid setting.
 */
export function stageConfig(stage: unknown, settings: unknown = {}): StageConfig {
  const own = typeof stage === 'string' && Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (own === undefined) throw new StageError(unknownStage(stage));
  const merged = { ...own, ...parseSettings(settings) };
  if (lacksScopes(merged.authorizer)) throw new StageError(withoutScopes(stage));
  if ((merged.tracing as unknown) === 'on') throw new StageError(formerTracing(stage));
  const parsed = settingsSchema.safeParse(merged);
  if (!parsed.success) {
    const named = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : String(issue.path[0]),
    );
    throw new StageError([...new Set(named)].map((name) => refusal(stage, name, merged)).join('\n'));
  }
  if (parsed.data.authorizer === 'none' && parsed.data.environment?.account !== emulatorAccount) {
    throw new StageError(openToAll(stage));
  }
  if (parsed.data.accountOwners && typeof parsed.data.authorizer === 'string') {
    throw new StageError(ownersWithoutScopes(stage));
  }
  const withoutHttpApi = needsHttpApi(stage, parsed.data);
  if (withoutHttpApi !== undefined) throw new StageError(withoutHttpApi);
  const { analyzer, environment } = parsed.data;
  const problem =
    analyzer === 'embedded' ? undefined : modelProblem(analyzer.bedrockModelId, environment?.region);
  if (problem !== undefined) throw new StageError(`Stage ${stage}: ${problem}`);
  return parsed.data;
}

/** Whether tokens would give no scopes, or have them in the form of earlier versions. */
function lacksScopes(authorizer: unknown): boolean {
  if (typeof authorizer !== 'object' || authorizer === null) return false;
  const { jwt } = authorizer as { readonly jwt?: unknown };
  if (typeof jwt !== 'object' || jwt === null) return false;
  const { scopes = {} } = jwt as { readonly scopes?: unknown };
  return 'routeScopes' in jwt || Array.isArray(scopes) || Object.keys(Object(scopes)).length === 0;
}

function withoutScopes(stage: unknown): string {
  return `The tokens of stage ${stage} give no scopes: set authorizer.jwt.scopes to "as-named" if tokens have the scopes of docs/scopes.md, or to what each scope of a token gives, {"streamfold/read":["ledger:read"]}. A list of scopes and "routeScopes" belong to earlier versions: remove them, the API now checks a scope for every operation.`;
}

function formerTracing(stage: unknown): string {
  return `The setting "tracing" of stage ${stage} cannot be "on" any more: set it to "xray" for what "on" was, to {"otlp":{"to":"cloudwatch","ratio":0.05}} for OpenTelemetry (docs/deploy.md says what the account needs), or to "off".`;
}

function parseSettings(settings: unknown): object {
  let object = settings;
  try {
    if (typeof settings === 'string') object = JSON.parse(settings);
  } catch {
    // Text that is not JSON is refused below, like anything that is not an object.
  }
  if (typeof object === 'object' && object !== null && !Array.isArray(object)) return object;
  throw new StageError(
    `The context "settings" must be a JSON object such as '{"alarms":"silent"}', not ${JSON.stringify(settings)}.`,
  );
}

function unknownStage(stage: unknown): string {
  const known = Object.keys(stages).join(', ');
  return `Unknown stage ${JSON.stringify(stage)}: choose one of ${known} with -c stage=<name>.`;
}

/** Why a setting is refused: it is unknown, missing or invalid. */
function refusal(stage: unknown, name: string, settings: Readonly<Record<string, unknown>>): string {
  const schemas: Readonly<Record<string, { readonly description?: string | undefined }>> =
    settingsSchema.def.innerType.shape;
  if (!Object.hasOwn(schemas, name)) {
    return `Unknown setting ${JSON.stringify(name)} (stage ${stage}): the settings are ${Object.keys(schemas).join(', ')}.`;
  }
  const reason = name === 'tracing' ? otlpProblem(settings[name]) : undefined;
  const form = [reason, schemas[name]?.description].filter((text) => text !== undefined).join('; ');
  const where = `set it in lib/platform/stages.ts or with -c settings='{"${name}":...}'`;
  return settings[name] === undefined
    ? `The setting "${name}" of stage ${stage} is missing (${form}): ${where}.`
    : `The setting "${name}" of stage ${stage} cannot be ${JSON.stringify(settings[name])} (${form}): ${where}.`;
}

function ownersWithoutScopes(stage: unknown): string {
  return `The accounts of stage ${stage} cannot be for their owners only: its callers have all scopes, so also "ledger:any". Choose the authorizer {"jwt":{...}} or {"iam":{"scopes":[...]}}, or set accountOwners to false.`;
}

/** Why a stage without an HTTP API cannot have its settings: they rely on something that only an HTTP API does. */
function needsHttpApi(stage: unknown, { httpApi, authorizer, cors }: StageConfig): string | undefined {
  if (httpApi === 'on') return undefined;
  if (typeof authorizer !== 'string') {
    const why =
      'jwt' in authorizer
        ? 'a direct invocation carries no token'
        : 'scopes do not limit a direct invocation';
    return `The authorizer of stage ${stage} needs an HTTP API: ${why}, and whoever may invoke the function has all rights. Set httpApi to "on", or authorizer to "iam".`;
  }
  if (cors === 'closed') return undefined;
  return `The setting cors of stage ${stage} needs an HTTP API: a page of another site cannot invoke a function. Set httpApi to "on", or cors to "closed".`;
}

function openToAll(stage: unknown): string {
  return `The HTTP API of stage ${stage} must not be open to everyone: the authorizer "none" is for stages bound to the emulators' account ${emulatorAccount}. Choose "iam" or {"jwt":{...}}.`;
}
