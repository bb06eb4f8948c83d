import { App } from 'aws-cdk-lib';
import { bundleMissing, bundlesFolder } from '../build/bundle.ts';
import { addStage } from '../lib/add-stage.ts';

await bundleMissing();

// The CDK CLI and the local host name the folder they read; by hand it is the one the CLI would use.
const app = new App({ outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' });
addStage(app, { bundlesFolder });
app.synth();
