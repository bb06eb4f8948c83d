import { App } from 'aws-cdk-lib';
import { addStage } from '../lib/platform/add-stage.ts';
import { StageError } from '../lib/platform/stages.ts';
import { bundleMissing, bundlesFolder } from '../tools/bundle/bundle.ts';
import { CatalogueError } from '../tools/bundle/check-catalogue.ts';

// The CDK CLI and the local host set this variable. The default is the folder that the CLI reads by default.
const app = new App({ outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' });
// The local host bundles at the same time: its folder has a placeholder for each bundle.
const folder = process.env['STREAMFOLD_BUNDLES'] ?? bundlesFolder;
try {
  await bundleMissing(folder);
  addStage(app, { bundlesFolder: folder });
  app.synth();
} catch (error) {
  if (!(error instanceof StageError || error instanceof CatalogueError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
