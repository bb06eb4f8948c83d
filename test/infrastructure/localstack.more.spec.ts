import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { templateOf } from '../support/synthesized.ts';
import { freeServices, freeTypes } from './localstack-free-plan.ts';

const file = join(import.meta.dirname, '../../localstack.yml');

interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** Types that `localstack.yml` tells LocalStack to leave out. */
const leftOut = (verb: string) =>
  new RegExp(`^ +CFN_IGNORE_UNSUPPORTED_TYPE_${verb}: (.*)$`, 'm')
    .exec(readFileSync(file, 'utf8'))?.[1]
    ?.split(',') ?? [];

describe('the free plan of LocalStack', () => {
  const typesIn = (stage: string, settings: object) =>
    new Set(
      Object.values(
        templateOf(stage, settings).toJSON()['Resources'] as Record<string, { Type: string }>,
      ).map(({ Type }) => Type),
    );

  it('has every type of the stage local without an HTTP API', () => {
    const types = typesIn('local', { httpApi: 'off' });
    expect(types.size).toBeGreaterThan(10);
    expect([...types].filter((type) => !freeTypes.includes(type))).toEqual([]);
  });

  it('lacks some types of the stage with an HTTP API, a dashboard and data events', () => {
    const lacking = [...typesIn('local', { dashboard: 'on', dataEvents: 'on' })].filter(
      (type) => !freeTypes.includes(type),
    );
    expect(lacking.sort()).toEqual([
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CloudTrail::Trail',
      'AWS::CloudWatch::Dashboard',
    ]);
  });

  it('has every type that the CDK needs for itself, except what is left out', () => {
    const bootstrap = readFileSync(
      join(import.meta.dirname, '../../node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml'),
      'utf8',
    );
    const types = new Set(
      [...bootstrap.matchAll(/^ {4}Type: (AWS::\w+::\w+)$/gm)].map(([, type]) => String(type)),
    );
    expect([...types].filter((type) => !freeTypes.includes(type))).toEqual(leftOut('CREATE'));
    expect(leftOut('UPDATE')).toEqual(leftOut('CREATE'));
  });

  it('has the service of every type in the list', () => {
    const services = freeTypes.map((type) => type.split('::')[1] ?? '');
    expect(services.filter((service) => !freeServices.includes(service))).toEqual([]);
  });
});

describeWithPython('localstack.yml', () => {
  let services: Record<'localstack' | 'ministack', Service>;
  beforeAll(async () => {
    const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))';
    const json = execFileSync(await installedPython(), ['-c', script, file], { encoding: 'utf8' });
    services = JSON.parse(json).services;
  }, installDeadlineMs);

  it('starts LocalStack with the token of the environment, or MiniStack by its profile, on the same port', () => {
    const { localstack, ministack } = services;
    expect(localstack.image).toMatch(/^localstack\/localstack:\d{4}\.\d{2}\.\d+$/);
    expect(localstack.healthcheck?.test.at(-1)).toBe('http://localhost:4566/_localstack/health');
    expect(Object.keys(services)).toEqual(['localstack', 'ministack']);
    expect(localstack.profiles).toBeUndefined();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose replaces it.
    expect(localstack.environment['LOCALSTACK_AUTH_TOKEN']).toBe('${LOCALSTACK_AUTH_TOKEN-}');
    expect(ministack.profiles).toEqual(['ministack']);
    expect([localstack, ministack].map(({ ports }) => ports)).toEqual([
      ['127.0.0.1:4566:4566'],
      ['127.0.0.1:4566:4566'],
    ]);
  });

  it('has the MiniStack version of the tests', async () => {
    const script = 'from importlib.metadata import version; print(version("ministack"))';
    const version = execFileSync(await installedPython(), ['-c', script], { encoding: 'utf8' }).trim();
    expect(services.ministack.image).toBe(`ministackorg/ministack:${version}`);
  });
});
