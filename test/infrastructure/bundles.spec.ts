import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build, type Metafile } from 'esbuild';
import { aggregateNames } from '../../schema/contexts.ts';
import { projectorName } from '../../schema/names.ts';
import { bundleOptions, functionNames } from '../../tools/bundle/bundle.ts';
import { boundMs } from '../support/patience.ts';
import { resources, templateOf } from '../support/synthesized.ts';

const run = promisify(execFile);

/**
 * Every start of a function reads and compiles its whole bundle. Look for the cause when a bundle is larger. The API has
 * clients for DynamoDB, S3, SQS and KMS (58 KB, which is compiled when a key is needed), and two adapters of traces, of which at most one is.
 */
const maxBundleBytes = 1_300_000;
/** The names and strengths of drugs, and the rules that read prescriptions. */
const readingBytes = 850_000;

describe('bundles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-dist-'));
  let inputs: Readonly<Record<string, readonly string[]>>;
  let sources: string[];
  let built: Metafile;
  let environments: ReadonlyMap<string, Record<string, string>>;

  beforeAll(async () => {
    environments = environmentsOf('local');
    const { metafile } = await build({ ...bundleOptions(functionNames(), folder), metafile: true });
    built = metafile ?? { inputs: {}, outputs: {} };
    sources = Object.keys(metafile?.inputs ?? {});
    inputs = Object.fromEntries(
      Object.entries(metafile?.outputs ?? {}).map(([path, output]) => [
        basename(dirname(path)),
        Object.keys(output.inputs),
      ]),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(functionNames())('of %s loads with the environment that the stack gives it', async (name) => {
    const script = `const { handler } = require(${JSON.stringify(join(folder, name, 'index.js'))});
      process.stdout.write(\`\${typeof handler} of \${handler.length}\`);`;
    const { stdout } = await run(process.execPath, ['-e', script], {
      env: { AWS_REGION: 'us-east-1', ...environments.get(name) },
      timeout: boundMs(20_000),
    });
    // Lambda's Node 24 refuses a handler with a third parameter, a callback.
    expect(stdout).toMatch(/^function of [012]$/);
  });

  it.each(functionNames())('of %s stays small', (name) => {
    const data = name === 'prescription-analyzer' ? readingBytes : 0;
    expect(statSync(join(folder, name, 'index.js')).size).toBeLessThan(maxBundleBytes + data);
  });

  it.each(aggregateNames)('of the projector of %s holds no other context', (context) => {
    const contextFiles = (inputs[projectorName(context)] ?? []).filter((path) =>
      /^lambdas\/contexts\/.+\//.test(path),
    );
    expect(contextFiles).not.toEqual([]);
    expect(contextFiles.filter((path) => !path.startsWith(`lambdas/contexts/${context}/`))).toEqual([]);
  });

  it.each(functionNames())('of %s evaluates no adapter of traces when it loads', (name) => {
    const entry = Object.entries(built.outputs).find(([path]) => basename(dirname(path)) === name)?.[1]
      .entryPoint;
    const evaluated = [...evaluatedWith(entry ?? '', built)];
    expect(evaluated).toContain('lambdas/runtime/load-tracing.ts');
    const tracing =
      /@opentelemetry|xray|powertools\/tracer|client-secrets-manager|^lambdas\/tracing\/(otlp|xray)\//;
    expect(evaluated.filter((path) => tracing.test(path))).toEqual([]);
    expect(inputs[name]).toContain('lambdas/tracing/otlp/create-otlp-tracing.ts');
  });

  it('read credentials from the environment only', () => {
    expect(sources).toContainEqual(expect.stringContaining('@aws-sdk/credential-provider-env/'));
    // The SDK's clients of STS, SSO and sign-in are for the other providers.
    expect(sources.filter((path) => path.includes('node_modules/@aws-sdk/nested-clients/'))).toEqual([]);
  });
});

/** The sources that are evaluated with an entry point: all but those behind an import that is evaluated later. */
function evaluatedWith(entry: string, { inputs }: Metafile): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const path of found) {
    for (const { kind, path: imported } of inputs[path]?.imports ?? []) {
      if (kind !== 'dynamic-import') found.add(imported);
    }
  }
  return found;
}

/** The variables of each function in the template. References are replaced by the logical ids that they name. */
function environmentsOf(stage: string): ReadonlyMap<string, Record<string, string>> {
  return new Map(
    resources(templateOf(stage), 'AWS::Lambda::Function').map(([, { Properties }]) => {
      const name: string = Properties['FunctionName'] ?? '';
      const variables: Record<string, string | { Ref: string } | { 'Fn::GetAtt': [string, string] }> =
        Properties['Environment']?.['Variables'] ?? {};
      const values = Object.entries(variables).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : 'Ref' in value ? value.Ref : value['Fn::GetAtt'].join('.'),
      ]);
      return [name.replace(`streamfold-${stage}-`, ''), Object.fromEntries(values)];
    }),
  );
}
