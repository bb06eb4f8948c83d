import type { Environment } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** What differs between stages. Every setting is named in every stage, so that a new stage decides each of them. */
export interface StageConfig {
  /** The account and region the stack is bound to; left out, it goes where the CLI's credentials lead. */
  readonly environment?: Environment;
  /** Keeps stateful resources when the stack goes, refuses their deletion, and backs tables up to any second of 35 days. */
  readonly protectData: boolean;
  /** Who may call the HTTP API (`GET /health` apart): `iam` takes requests signed with SigV4, `none` takes anyone's. */
  readonly authorizer: 'iam' | 'none';
  /** Events of a stream after which a new snapshot of it is written. */
  readonly snapshotThreshold: number;
  /** Shards of the event stream, or `on-demand`: AWS adds and removes them (up to 200 MB/s), for a higher price at rest. */
  readonly eventStreamShards: number | 'on-demand';
  /** Batches of one shard that a projector folds at once, 1 to 10; the events of one stream still meet one at a time. */
  readonly projectorsPerShard: number;
  /**
   * What reads prescriptions: `embedded` in the function itself, or a model of Amazon Bedrock, by its id or the id of an
   * inference profile. Documents hold personal data: naming a model is a decision to send them there.
   */
  readonly analyzer: 'embedded' | { readonly bedrockModelId: string };
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** How long the functions' logs are kept. */
  readonly logRetention: RetentionDays;
}

/** What every construct with a function in it needs to know. */
export interface StageProps {
  readonly stage: string;
  readonly config: StageConfig;
  /** Holds a folder for each function with its bundle, `index.js`. */
  readonly bundlesFolder: string;
}

/** Taken when none is named; like every stage but `local` it lets nobody in without a signature. */
export const defaultStage = 'dev';

const stages: Readonly<Record<string, StageConfig>> = {
  /** This machine, and emulators of AWS. Its API is open, so the stack is bound to the account that only they have. */
  local: {
    environment: { account: '000000000000', region: 'us-east-1' },
    protectData: false,
    authorizer: 'none',
    snapshotThreshold: 100,
    eventStreamShards: 2,
    projectorsPerShard: 1,
    analyzer: 'embedded',
    logLevel: 'INFO',
    logRetention: RetentionDays.ONE_DAY,
  },
  /** For trying things on AWS: goes without a trace when the stack is destroyed, once its bucket is emptied. */
  dev: {
    protectData: false,
    authorizer: 'iam',
    snapshotThreshold: 100,
    eventStreamShards: 'on-demand',
    projectorsPerShard: 1,
    analyzer: 'embedded',
    logLevel: 'INFO',
    logRetention: RetentionDays.ONE_WEEK,
  },
  prod: {
    protectData: true,
    authorizer: 'iam',
    snapshotThreshold: 100,
    eventStreamShards: 'on-demand',
    projectorsPerShard: 2,
    analyzer: 'embedded',
    logLevel: 'INFO',
    logRetention: RetentionDays.THREE_MONTHS,
  },
};

/** Its message is for the person at the command line: one sentence that says what to write instead. */
export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';

  constructor(stage: unknown) {
    const known = Object.keys(stages).join(', ');
    super(`There is no stage ${JSON.stringify(stage)}: choose one of ${known} with -c stage=<name>.`);
  }
}

/** The settings of a stage. Throws {@link UnknownStageError}. */
export function stageConfig(stage: unknown): StageConfig {
  const config = typeof stage === 'string' && Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (config === undefined) throw new UnknownStageError(stage);
  return config;
}
