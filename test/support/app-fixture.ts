import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '../../tools/host/template/assembly.ts';

/** A synthesized app for a test, in a folder of its own. */
export interface AppFixture {
  readonly folder: string;
  remove(): void;
}

export interface FixtureFunction {
  /** The source of a CommonJS module that sets `exports.handler`. */
  source: string;
  properties?: Record<string, unknown>;
}

/** Writes the same files as `cdk synth`. A function's logical id is its name. */
export function writeApp(
  functions: Record<string, FixtureFunction>,
  resources: Record<string, Resource> = {},
): AppFixture {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-app-'));
  const files: Record<string, object> = {};
  const all: Record<string, Resource> = { ...resources };
  for (const [name, { source, properties }] of Object.entries(functions)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), source);
    files[name] = { source: { path: name }, destinations: { here: { objectKey: `${name}.zip` } } };
    all[name] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: name,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
        ...properties,
      },
    };
  }
  const write = (file: string, content: object) => writeFileSync(join(folder, file), JSON.stringify(content));
  write('app.template.json', { Resources: all });
  write('app.assets.json', { files });
  write('manifest.json', {
    artifacts: {
      'app.assets': { type: 'cdk:asset-manifest', properties: { file: 'app.assets.json' } },
      app: { type: 'aws:cloudformation:stack', properties: { templateFile: 'app.template.json' } },
    },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The resources of an HTTP API whose `$default` route invokes a function. */
export function httpApiTo(functionName: string): Record<string, Resource> {
  return {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'app', ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [functionName, 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: '$default',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      },
    },
  };
}
