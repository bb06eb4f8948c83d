import type { App } from 'aws-cdk-lib';
import { defaultStage, stageConfig } from './stages.ts';
import { StreamfoldStack } from './streamfold-stack.ts';

/**
 * Adds the stack of the stage that the context names (`-c stage=prod`; {@link defaultStage} where it names none), with the
 * settings that it says otherwise (`-c settings='{...}'`). Throws `StageError` when they make no stage.
 */
export function addStage(app: App, props: { readonly bundlesFolder: string }): StreamfoldStack {
  // Policies grow by every grant; merged statements keep each well under IAM's 10,240 characters.
  app.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true);

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
