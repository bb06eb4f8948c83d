import type { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { StreamfoldStack } from '../streamfold-stack.ts';
import { defaultStage, stageConfig } from './stages.ts';

/**
 * The length of the longest ARNs of the stack, in characters: tables of a stage with a name of ten letters. The CDK assumes 150, and would move
 * what it thinks too much for the API's policy to a managed one.
 */
const arnMaxChars = 120;

/**
 * Adds the stack of the stage in the CDK context (`-c stage=prod`; default: {@link defaultStage}). The context can
 * override settings of the stage (`-c settings='{...}'`). Throws `StageError` for an unknown stage or invalid settings.
 */
export function addStage(app: App, props: { readonly bundlesFolder: string }): StreamfoldStack {
  // The flags of a new project. One of them merges policies: IAM limits each to 10,240 characters.
  for (const [flag, value] of Object.entries(CURRENTLY_RECOMMENDED_FLAGS)) app.node.setContext(flag, value);
  app.node.setContext('@aws-cdk/aws-iam.arnSizeEstimate', arnMaxChars);

  const stage = app.node.tryGetContext('stage') ?? defaultStage;
  const config = stageConfig(stage, app.node.tryGetContext('settings'));
  return new StreamfoldStack(app, `streamfold-${stage}`, {
    stage,
    config,
    bundlesFolder: props.bundlesFolder,
    description: `Streamfold, stage ${stage}`,
    terminationProtection: config.protectData,
    ...(config.environment && { env: config.environment }),
  });
}
