import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
}

export interface Template {
  Parameters?: Record<string, { Default?: unknown }>;
  Resources?: Record<string, Resource>;
}

export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** The file or folder behind an asset, by the object key the template names. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  artifacts?: Record<string, Artifact>;
}

interface Artifact {
  type: string;
  displayName?: string;
  properties?: { templateFile?: string; stackName?: string; file?: string; directoryName?: string };
}

interface AssetManifest {
  files?: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

/** The stacks of a cloud assembly, those of its stages included, in the order of its manifest. */
export function readAssembly(folder: string): Stack[] {
  const artifacts = Object.entries(readJson<Manifest>(folder, 'manifest.json').artifacts ?? {});
  const assets = new Map<string, string>();
  for (const [, artifact] of artifacts) {
    if (artifact.type === 'cdk:asset-manifest') addAssets(folder, artifact.properties?.file, assets);
  }
  return artifacts.flatMap(([id, { type, properties }]): Stack[] => {
    if (type === 'cdk:cloud-assembly') return readAssembly(join(folder, properties?.directoryName ?? id));
    if (type !== 'aws:cloudformation:stack') return [];
    const template = readJson<Template>(folder, properties?.templateFile ?? `${id}.template.json`);
    return [{ name: properties?.stackName ?? id, template, assets }];
  });
}

function addAssets(folder: string, file: string | undefined, assets: Map<string, string>): void {
  if (file === undefined) return;
  for (const asset of Object.values(readJson<AssetManifest>(folder, file).files ?? {})) {
    for (const { objectKey } of Object.values(asset.destinations)) {
      assets.set(objectKey, join(folder, asset.source.path));
    }
  }
}

function readJson<T>(folder: string, file: string): T {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    throw new UserError(`Not a synthesized app: ${join(folder, file)} cannot be read (${error}).`);
  }
}
