import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStage } from '../../lib/platform/add-stage.ts';
import type { StreamfoldStack } from '../../lib/streamfold-stack.ts';
import { functionNames } from '../../tools/bundle/bundle.ts';
import { keptTemplate } from './kept-template.ts';

/** A resource in a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, never>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Contains the assemblies of a spec's apps, and is removed after the spec. The CDK does not remove them itself. */
const assembliesFolder = mkdtempSync(join(tmpdir(), 'streamfold-assemblies-'));
afterAll(() => rmSync(assembliesFolder, { recursive: true }));

// The CDK validates templates at each synthesis, which takes half of the time. Deployments in other specs do it.
process.env['CDK_VALIDATION'] ??= 'false';

function newApp(context: Readonly<Record<string, unknown>> = {}): App {
  return new App({ context, outdir: mkdtempSync(join(assembliesFolder, 'app-')) });
}

/** Settings that a stage requires from the person who deploys it. */
const deployersSettings: Readonly<Record<string, object>> = {
  prod: { alarms: { email: 'ops@example.com' } },
};

/**
 * The stack of a stage, with placeholders for the bundles: the template does not depend on their content.
 * @param settings the context's settings; by default those that the stage requires
 */
export function stackOf(
  stage?: string,
  settings: unknown = deployersSettings[stage ?? ''] ?? {},
): StreamfoldStack {
  const context = { settings, ...(stage && { stage }) };
  return withBundles((bundlesFolder) => addStage(newApp(context), { bundlesFolder }));
}

/** The template of a stage's stack: see {@link stackOf}. It is synthesized once for each state of the sources. */
export function templateOf(stage?: string, settings?: unknown): Template {
  const json = keptTemplate([stage, settings], () => Template.fromStack(stackOf(stage, settings)).toJSON());
  return Template.fromJSON(json);
}

function withBundles<Result>(use: (bundlesFolder: string) => Result): Result {
  const bundlesFolder = mkdtempSync(join(tmpdir(), 'streamfold-bundles-'));
  try {
    for (const name of functionNames()) {
      mkdirSync(join(bundlesFolder, name));
      writeFileSync(join(bundlesFolder, name, 'index.js'), `exports.handler = async () => '${name}';`);
    }
    return use(bundlesFolder);
  } finally {
    rmSync(bundlesFolder, { recursive: true });
  }
}

/** The logical id that a reference names, without its hash. */
export function logicalIdOf(reference: unknown): string {
  const [name] = Object.values(reference as Record<string, string | readonly string[]>).flat();
  return String(name).replace(/[0-9A-F]{8}$/, '');
}

/** The resources of some types, in the order of the types and then of the template. */
export function resources(template: Template, ...types: readonly string[]): [logicalId: string, Resource][] {
  return types.flatMap((type) => Object.entries(template.findResources(type) as Record<string, Resource>));
}
