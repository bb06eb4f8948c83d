import { App } from 'aws-cdk-lib';
import { addStage } from '../lib/platform/add-stage.ts';
import { StageError } from '../lib/platform/stages.ts';
import { bundleMissing, bundlesFolder } from '../tools/bundle/bundle.ts';

// The CDK CLI and the local host name the folder they read; by hand it is the one the CLI would use.
const app = new App({ outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' });
try {
  await bundleMissing();
  addStage(app, { bundlesFolder });
  app.synth();
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
