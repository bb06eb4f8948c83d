import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';

/** A resource in a template. */
export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

/** The part of a CloudFormation template that the host reads. */
export interface Template {
  Resources?: Record<string, Resource>;
}

/** A synthesized stack and its assets. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** The file or folder of an asset, by the object key that the template uses. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  artifacts?: Record<string, Artifact>;
}

interface Artifact {
  type: string;
  properties?: { templateFile?: string; file?: string };
}

interface AssetManifest {
  files?: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

/**
 * Reads the one stack of a cloud assembly.
 * @throws {UserError} when the folder is not an assembly of one stack.
 */
export function readAssembly(folder: string): Stack {
  const artifacts = Object.entries(readJson<Manifest>(folder, 'manifest.json').artifacts ?? {});
  const ofType = (type: string) => artifacts.filter(([, artifact]) => artifact.type === type);
  const [stack, another] = ofType('aws:cloudformation:stack');
  if (stack === undefined || another !== undefined) {
    throw new UserError(`${folder} is not the synthesized app of one stack.`);
  }
  const [name, { properties }] = stack;
  const assets = ofType('cdk:asset-manifest').flatMap(([, it]) =>
    assetsOf(folder, it.properties?.file ?? ''),
  );
  return { name, template: readJson(folder, properties?.templateFile ?? ''), assets: new Map(assets) };
}

function assetsOf(folder: string, file: string): [objectKey: string, path: string][] {
  return Object.values(readJson<AssetManifest>(folder, file).files ?? {}).flatMap(
    ({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }): [string, string] => [
        objectKey,
        join(folder, source.path),
      ]),
  );
}

function readJson<T>(folder: string, file: string): T {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    throw new UserError(`Not a synthesized app: ${join(folder, file)} cannot be read (${error}).`);
  }
}
