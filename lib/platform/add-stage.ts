import type { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { StreamfoldStack } from '../streamfold-stack.ts';
import { defaultStage, stageConfig } from './stages.ts';

/**
 * Adds the stack of the stage that the context names (`-c stage=prod`; {@link defaultStage} where it names none), with the
 * settings that it says otherwise (`-c settings='{...}'`). Throws `StageError` when they make no stage.
 */
export function addStage(app: App, props: { readonly bundlesFolder: string }): StreamfoldStack {
  // As a new project would have them: policies are merged, for one (IAM bounds each at 10,240 characters).
  for (const [flag, value] of Object.entries(CURRENTLY_RECOMMENDED_FLAGS)) app.node.setContext(flag, value);

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
