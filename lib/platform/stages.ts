import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { z } from 'zod';
import { emulatorAccount, settingsSchema } from './settings.ts';

/** What differs between stages; `lib/platform/settings.ts` documents each setting. */
export type StageConfig = z.infer<typeof settingsSchema>;

/** What every construct with a function in it needs to know. */
export interface StageProps {
  readonly stage: string;
  readonly config: StageConfig;
  /** Holds a folder for each function with its bundle, `index.js`. */
  readonly bundlesFolder: string;
}

/** Taken when none is named; like every stage but `local` it lets nobody in without a signature. */
export const defaultStage = 'dev';

/**
 * The stages, by names of at most 31 characters (those of functions begin with them). A new one is a few lines here; `{ ...dev, logLevel: 'DEBUG' }` takes over what it does not name. What a stage
 * leaves out, whoever deploys it has to say; that, and anything else, they say without editing code by the context
 * `settings`: `-c settings='{"alarms":{"email":"ops@example.com"}}'`, or the same object in `cdk.json`.
 */
const stages: Readonly<Record<string, Partial<StageConfig>>> = {
  /** This machine, and emulators of AWS. Its API is open, so the stack is bound to the account that only they have. */
  local: {
    environment: { account: emulatorAccount, region: 'us-east-1' },
    protectData: false,
    alarms: 'silent',
    authorizer: 'none',
    throttling: { ratePerSecond: 10_000, burst: 5_000 },
    cors: 'closed',
    snapshotThreshold: 100,
    eventStreamShards: 2,
    projectorsPerShard: 1,
    analyzer: 'embedded',
    tracing: 'on',
    logLevel: 'INFO',
    logRetention: RetentionDays.ONE_DAY,
  },
  /** For trying things on AWS: goes without a trace when the stack is destroyed, once its buckets are emptied. */
  dev: {
    protectData: false,
    alarms: 'silent',
    authorizer: 'iam',
    throttling: { ratePerSecond: 100, burst: 200 },
    cors: 'closed',
    snapshotThreshold: 100,
    eventStreamShards: 1,
    projectorsPerShard: 1,
    analyzer: 'embedded',
    tracing: 'on',
    logLevel: 'INFO',
    logRetention: RetentionDays.ONE_WEEK,
  },
  /** Names nobody for its alarms: who deploys it has to. */
  prod: {
    protectData: true,
    authorizer: 'iam',
    throttling: { ratePerSecond: 1_000, burst: 2_000 },
    cors: 'closed',
    snapshotThreshold: 100,
    eventStreamShards: 'on-demand',
    projectorsPerShard: 2,
    analyzer: 'embedded',
    tracing: 'on',
    logLevel: 'INFO',
    logRetention: RetentionDays.THREE_MONTHS,
  },
};

/** Its message is for the person at the command line: a sentence for each mistake that says what to write instead. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/**
 * The settings of a stage, each replaced by the one of the same name in `settings` (an object, or its JSON) where there is one.
 * Throws {@link StageError} when there is no such stage, or when the settings are not whole or not sound.
 */
export function stageConfig(stage: unknown, settings: unknown = {}): StageConfig {
  const own = typeof stage === 'string' && Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (own === undefined) throw new StageError(unknownStage(stage));
  const merged = { ...own, ...parseSettings(settings) };
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
  return parsed.data;
}

function parseSettings(settings: unknown): object {
  let object = settings;
  try {
    if (typeof settings === 'string') object = JSON.parse(settings);
  } catch {
    // What is not JSON is refused as what is not an object.
  }
  if (typeof object === 'object' && object !== null && !Array.isArray(object)) return object;
  throw new StageError(
    `The context "settings" has to be a JSON object such as '{"alarms":"silent"}', not ${JSON.stringify(settings)}.`,
  );
}

function unknownStage(stage: unknown): string {
  const known = Object.keys(stages).join(', ');
  return `There is no stage ${JSON.stringify(stage)}: choose one of ${known} with -c stage=<name>.`;
}

/** Why a setting is refused: it is unknown, missing, or another than it may be. */
function refusal(stage: unknown, name: string, settings: Readonly<Record<string, unknown>>): string {
  const schemas: Readonly<Record<string, { readonly description?: string | undefined }>> =
    settingsSchema.def.innerType.shape;
  if (!Object.hasOwn(schemas, name)) {
    return `There is no setting ${JSON.stringify(name)} (stage ${stage}): the settings are ${Object.keys(schemas).join(', ')}.`;
  }
  const form = schemas[name]?.description;
  const where = `set it in lib/platform/stages.ts or with -c settings='{"${name}":...}'`;
  return settings[name] === undefined
    ? `Stage ${stage} lacks the setting "${name}" (${form}): ${where}.`
    : `Stage ${stage} cannot have ${JSON.stringify(settings[name])} for the setting "${name}" (${form}): ${where}.`;
}

function openToAll(stage: unknown): string {
  return `Stage ${stage} may not leave its HTTP API open to anyone: the authorizer "none" is for stages bound to the emulators' account ${emulatorAccount}, so choose "iam" or {"jwt":{...}}.`;
}
