import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { generationCacheMs } from '../../lambdas/kernel/index.ts';
import { stageConfig } from '../../lib/platform/stages.ts';
import { aggregateNames } from '../../schema/contexts.ts';
import { projectorTimeoutSeconds } from '../../schema/projections.ts';
import { boundMs } from '../support/patience.ts';
import { resources, stackOf, templateOf } from '../support/synthesized.ts';

const run = promisify(execFile);

/** Synthesizes with an empty environment, as on a machine without AWS settings. */
function synth(context: object): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['bin/app.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { CDK_CONTEXT_JSON: JSON.stringify(context) },
    timeout: boundMs(20_000),
  });
}

const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:otlp-key-AbC123';

const alarmsMissing =
  'The setting "alarms" of stage prod is missing (who receives alarms, {"email":"ops@example.com"} or "silent"): ' +
  `set it in lib/platform/stages.ts or with -c settings='{"alarms":...}'.`;

describe('stages', () => {
  it('that are unknown are refused with a sentence that lists the known ones', () => {
    expect(() => stageConfig('production')).toThrow(
      'Unknown stage "production": choose one of local, dev, prod with -c stage=<name>.',
    );
  });

  it.each([
    [
      { stage: 'production' },
      'Unknown stage "production": choose one of local, dev, prod with -c stage=<name>.',
    ],
    [{ stage: 'prod' }, alarmsMissing],
  ])('are refused on the command line with the sentence only: %j', async (context, sentence) => {
    await expect(synth(context)).rejects.toMatchObject({ code: 1, stdout: '', stderr: `${sentence}\n` });
  });

  it.each(['__proto__', 'toString'])('are not properties of every object (%s)', (stage) => {
    expect(() => stageConfig(stage)).toThrow('Unknown stage');
  });

  it('default to one that refuses requests without a signature', () => {
    templateOf().hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: '$default',
      AuthorizationType: 'AWS_IAM',
    });
  });

  it('bind the open one to the account of emulators', () => {
    expect(stackOf('local').account).toBe('000000000000');
  });
});

it.each(['local', 'dev', 'prod'])(
  'a rebuild on %s waits for the cache, a projector and the change itself',
  (stage) => {
    const changeMaxMs = 30_000;
    const settleMs = generationCacheMs + projectorTimeoutSeconds * 1_000 + changeMaxMs;
    expect(stageConfig(stage, { alarms: 'silent' }).generationSettleSeconds * 1_000).toBe(settleMs);
  },
);

describe('settings', () => {
  const email = { email: 'ops@example.com' };

  it.each([{ alarms: email }, JSON.stringify({ alarms: email })])('complete a stage: %j', (settings) => {
    expect(stageConfig('prod', settings)).toEqual({
      ...stageConfig('prod', { alarms: 'silent' }),
      alarms: email,
    });
  });

  it('override the settings of a stage, by the context too', () => {
    expect(stageConfig('dev', { logLevel: 'DEBUG', eventStreamShards: 3 })).toEqual({
      ...stageConfig('dev'),
      logLevel: 'DEBUG',
      eventStreamShards: 3,
    });
    const template = templateOf('dev', '{"eventStreamShards":3}');
    template.hasResourceProperties('AWS::Kinesis::Stream', { ShardCount: 3 });
  });

  it('can filter the commits of each projector by its context', () => {
    const patterns = (template: ReturnType<typeof templateOf>) =>
      resources(template, 'AWS::Lambda::EventSourceMapping').flatMap(
        ([, { Properties }]) =>
          (Properties['FilterCriteria'] as { Filters: { Pattern: string }[] } | undefined)?.Filters ?? [],
      );
    const ofLog = { Pattern: '{"eventName":["INSERT","MODIFY","REMOVE"]}' };
    const filters = aggregateNames.map((name) => ({ Pattern: `{"data":{"category":["${name}"]}}` }));
    expect(patterns(templateOf('dev', { eventFilters: 'on' }))).toEqual([ofLog, ...filters]);
    expect(patterns(templateOf('dev'))).toEqual([ofLog]);
  });

  it.each([
    ['verifySample', 0],
    ['verifySample', 10_001],
    ['projectorsPerShard', 11],
    ['projectorsPerShard', 0],
    ['eventFilters', true],
    ['eventStreamShards', 0],
    ['eventStreamShards', 1.5],
    ['snapshotThreshold', '100'],
    ['alarms', { email: 'nobody' }],
    ['alarms', { email: 'ops@example.com', sms: '1' }],
    ['throttling', { ratePerSecond: 0, burst: 1 }],
    ['throttling', { ratePerSecond: 1 }],
    ['apiConcurrency', 500],
    ['apiConcurrency', { reserved: 0, accountLimit: 1_000 }],
    // Lambda keeps 100 executions unreserved. A new account may have a limit of 10.
    ['apiConcurrency', { reserved: 901, accountLimit: 1_000 }],
    ['apiConcurrency', { reserved: 1, accountLimit: 10 }],
    ['cors', { origins: [] }],
    ['cors', { origins: ['*'] }],
    ['cors', { origins: ['https://app.example.com/'] }],
    ['httpApi', true],
    ['dashboard', 'hidden'],
    ['authorizer', 'anyone'],
    ['authorizer', jwt({ issuer: 'http://issuer.example.com' })],
    ['authorizer', jwt({ audience: [] })],
    ['authorizer', jwt({ scopes: 'any' })],
    ['authorizer', jwt({ scopes: { 'two words': ['ledger:read'] } })],
    ['authorizer', jwt({ scopes: { openid: ['ledger:read'] } })],
    ['authorizer', jwt({ scopes: { 'streamfold/read': [] } })],
    ['authorizer', jwt({ scopes: { 'streamfold/read': ['ledger:rule'] } })],
    ['authorizer', jwt({ claims: { sub: 'sub' } })],
    ['authorizer', jwt({ claims: { defaultTenant: 'acme' } })],
    ['authorizer', jwt({ claims: { tenant: 'org', defaultTenant: 'a/b' } })],
    ['authorizer', { iam: { scopes: [] } }],
    ['authorizer', { iam: { scopes: ['*'] } }],
    ['environment', { account: '1', region: 'us-east-1' }],
    ['analyzer', { bedrockModelId: '' }],
    ['accountOwners', 'yes'],
    ['tracing', true],
    ['tracing', otlp({ to: 'cloudwatch', ratio: 1.01 })],
    ['tracing', otlp({ ratio: -0.1 })],
    ['tracing', otlp({ ratio: undefined })],
    ['tracing', otlp({ to: 'http://otlp.example.com/v1/traces' })],
    ['tracing', otlp({ to: 'http://localhost.example.com/v1/traces' })],
    ['tracing', otlp({ to: 'https://otlp.example.com' })],
    ['tracing', otlp({ to: 'https://otlp.example.com/v1/traces?key=secret' })],
    ['tracing', otlp({ to: 'https://me:secret@otlp.example.com/v1/traces' })],
    ['tracing', otlp({ to: 'grpc://otlp.example.com:4317/v1/traces' })],
    ['tracing', otlp({ to: ' https://otlp.example.com/v1/traces' })],
    ['tracing', otlp({ header: { name: 'x-api-key', secretArn: 'secret' } })],
    // Without its last six characters, a policy does not match the secret.
    ['tracing', otlp({ header: { name: 'x-api-key', secretArn: secretArn.slice(0, -7) } })],
    ['tracing', otlp({ header: { name: 'x api key', secretArn } })],
    ['tracing', otlp({ header: { name: 'Host', secretArn } })],
    ['tracing', otlp({ header: { name: 'content-type', secretArn } })],
    ['tracing', otlp({ header: { name: 'x-api-key', value: 'secret' } })],
    ['tracing', otlp({ to: 'cloudwatch', header: { name: 'authorization', secretArn } })],
    ['logLevel', 'info'],
    ['logRetention', 8],
    ['protectData', 'yes'],
  ])('refuse %s = %j with a sentence: both, the accepted values, and where to set it', (name, value) => {
    const refused = refusal('dev', { [name]: value });
    expect(
      refused.startsWith(`The setting "${name}" of stage dev cannot be ${JSON.stringify(value)} (`),
    ).toBe(true);
    expect(
      refused.endsWith(`): set it in lib/platform/stages.ts or with -c settings='{"${name}":...}'.`),
    ).toBe(true);
    expect(refused).not.toContain('undefined');
  });

  it('name what replaces the value of tracing of earlier versions', () => {
    expect(refusal('prod', { tracing: 'on' })).toBe(
      'The setting "tracing" of stage prod cannot be "on" any more: set it to "xray" for what "on" was, to ' +
        '{"otlp":{"to":"cloudwatch","ratio":0.05}} for OpenTelemetry (docs/deploy.md says what the account needs), or to "off".',
    );
  });

  it.each([
    [{ ratio: '0.5' }, 'ratio must be a number from 0 to 1'],
    [{ ratio: undefined }, 'ratio must be a number from 0 to 1'],
    [{ to: 'http://otlp.example.com/v1/traces' }, 'to must be "cloudwatch", or the https URL of a collector'],
    [
      { to: 'https://otlp.example.com' },
      'to must be "cloudwatch", or the https URL of a collector with its path',
    ],
    [{ header: { name: 'Host', secretArn } }, 'header.name must not be a header that the exporter sets'],
    [{ header: { name: 'a', secretArn: 'b' } }, 'header.secretArn must be the whole ARN of a secret'],
    [{ to: 'cloudwatch', header: { name: 'a', secretArn } }, 'requests to "cloudwatch" have no header'],
    [{ sampler: 'all' }, 'Unrecognized key: "sampler"'],
  ])('say what is wrong with %j of tracing', (part, reason) => {
    expect(refusal('dev', { tracing: otlp(part) })).toContain(` (${reason}`);
  });

  it.each([
    otlp({ to: 'cloudwatch', ratio: 0 }),
    otlp({ header: { name: 'Authorization', secretArn } }),
    // A collector in the sandbox of the function: an extension.
    otlp({ to: 'http://localhost:4318/v1/traces' }),
    otlp({ to: 'http://127.0.0.1:4318/v1/traces' }),
    otlp({ to: 'http://[::1]:4318/v1/traces' }),
    otlp({ to: 'https://ingest.example.com/v2/trace/otlp' }),
  ])('let traces go to CloudWatch or a collector: %j', (tracing) => {
    expect(stageConfig('dev', { tracing })).toMatchObject({ tracing });
  });

  it('name a missing one', () => {
    expect(refusal('prod', {})).toBe(alarmsMissing);
  });

  it('list the known ones if one is unknown', () => {
    expect(refusal('dev', { alarm: 'silent' })).toBe(
      'Unknown setting "alarm" (stage dev): the settings are environment, protectData, storageKey, alarms, httpApi, authorizer, accountOwners, ' +
        'throttling, apiConcurrency, cors, snapshotThreshold, eventStreamShards, projectorsPerShard, verifySample, rebuildConcurrency, generationSettleSeconds, eventFilters, analyzer, tracing, dataEvents, dashboard, retentionDays, logLevel, logRetention.',
    );
  });

  it('list every mistake, one per line', () => {
    expect(refusal('prod', { loglevel: 'INFO', cors: 'open' }).split('\n')).toEqual([
      expect.stringContaining('"alarms"'),
      expect.stringContaining('"cors"'),
      expect.stringContaining('"loglevel"'),
    ]);
  });

  it.each(['alarms=silent', '[]', 'null', 7])('must be an object: %j', (settings) => {
    expect(() => stageConfig('dev', settings)).toThrow(
      `The context "settings" must be a JSON object such as '{"alarms":"silent"}', not ${JSON.stringify(settings)}.`,
    );
  });

  it.each([
    ['dev', { authorizer: 'none' }],
    ['dev', { authorizer: 'none', environment: { account: '123456789012', region: 'us-east-1' } }],
    ['local', { environment: { account: '123456789012', region: 'us-east-1' } }],
  ])('do not open the API of stage %s except on an emulator: %j', (stage, settings) => {
    expect(refusal(stage, settings)).toBe(
      `The HTTP API of stage ${stage} must not be open to everyone: the authorizer "none" is for stages bound to the ` +
        `emulators' account 000000000000. Choose "iam" or {"jwt":{...}}.`,
    );
  });

  it.each([
    jwt({ scopes: undefined }),
    jwt({ scopes: {} }),
    jwt({ scopes: [] }),
    jwt({ scopes: ['streamfold/read'] }),
    jwt({ routeScopes: { 'POST /ledger/{proxy+}': ['streamfold/write'] } }),
  ])('do not accept tokens without a mapping of their scopes: %j', (authorizer) => {
    expect(refusal('dev', { authorizer })).toMatch(
      /^The tokens of stage dev give no scopes: set authorizer\.jwt\.scopes to .*every operation\.$/,
    );
  });

  it.each([
    [jwt({}), 'a direct invocation carries no token'],
    [{ iam: { scopes: ['ledger:read'] } }, 'scopes do not limit a direct invocation'],
  ])('do not limit callers by an HTTP API that the stage does not have: %j', (authorizer, why) => {
    expect(refusal('dev', { httpApi: 'off', authorizer })).toBe(
      `The authorizer of stage dev needs an HTTP API: ${why}, and whoever may invoke the function has all rights. ` +
        'Set httpApi to "on", or authorizer to "iam".',
    );
  });

  it('do not open an HTTP API that the stage does not have to pages of other sites', () => {
    expect(refusal('dev', { httpApi: 'off', cors: { origins: ['https://app.example.com'] } })).toBe(
      'The setting cors of stage dev needs an HTTP API: a page of another site cannot invoke a function. ' +
        'Set httpApi to "on", or cors to "closed".',
    );
  });

  it('do not give accounts owners where every caller may use every account', () => {
    expect(refusal('dev', { accountOwners: true })).toMatch(
      /^The accounts of stage dev cannot be for their owners/,
    );
    const some = { iam: { scopes: ['ledger:read'] } };
    expect(stageConfig('dev', { accountOwners: true, authorizer: some }).accountOwners).toBe(true);
  });

  it.each([
    ['us-east-1', 'eu.amazon.nova-lite-v1:0', '"us.amazon.nova-lite-v1:0" or "amazon.nova-lite-v1:0"'],
    ['eu-central-1', 'us.amazon.nova-lite-v1:0', '"eu.amazon.nova-lite-v1:0" or "amazon.nova-lite-v1:0"'],
    ['eu-central-1', 'global.amazon.nova-lite-v1:0', '"eu.amazon.nova-lite-v1:0" or "amazon.nova-lite-v1:0"'],
    ['us-gov-west-1', 'us.some.model', '"us-gov.some.model" or "some.model"'],
    ['ca-central-1', 'us.some.model', '"ca.some.model" or "some.model"'],
    ['ap-southeast-2', 'jp.some.model', '"apac.some.model" or "au.some.model" or "some.model"'],
    ['ap-south-1', 'au.some.model', '"apac.some.model" or "some.model"'],
    ['sa-east-1', 'us.some.model', '"some.model"'],
    ['eu-central-1', 'xx.some.model', '"eu.some.model" or "some.model"'],
  ])('keep documents of %s from the inference profile %s', (region, bedrockModelId, choices) => {
    const environment = { account: '123456789012', region };
    expect(refusal('dev', { environment, analyzer: { bedrockModelId } })).toBe(
      `Stage dev: The inference profile "${bedrockModelId}" can send documents, which are health data, to other parts of the ` +
        `world than the one of ${region}: choose ${choices}, if Bedrock has it there.`,
    );
  });

  it.each([
    ['us-east-1', 'us.some.model'],
    ['us-gov-west-1', 'us-gov.some.model'],
    ['eu-west-2', 'eu.some.model'],
    ['ca-west-1', 'ca.some.model'],
    ['ap-northeast-1', 'jp.some.model'],
    ['ap-southeast-4', 'au.some.model'],
    ['ap-south-1', 'apac.some.model'],
    ['sa-east-1', 'ai21.some-model'],
  ])('let a model of the own geography read documents: in %s %s', (region, bedrockModelId) => {
    const environment = { account: '123456789012', region };
    expect(stageConfig('dev', { environment, analyzer: { bedrockModelId } })).toMatchObject({
      analyzer: { bedrockModelId },
    });
  });

  it('need a region for an inference profile, and none for a model of the region', () => {
    expect(refusal('dev', { analyzer: { bedrockModelId: 'eu.some.model' } })).toMatch(
      /^Stage dev: The inference profile "eu\.some\.model" needs a stack whose region is known: set "environment"\./,
    );
    const analyzer = { bedrockModelId: 'amazon.nova-lite-v1:0' };
    expect(stageConfig('dev', { analyzer })).toMatchObject({ analyzer });
  });

  it('are valid in every stage', () => {
    expect(stageConfig('local').alarms).toBe('silent');
    expect(stageConfig('dev').authorizer).toBe('iam');
    expect(stageConfig('dev', { authorizer: jwt({}) })).toMatchObject({ authorizer: jwt({}) });
    const named = jwt({ scopes: 'as-named', claims: { tenant: 'org', defaultTenant: 'acme' } });
    expect(stageConfig('dev', { authorizer: named })).toMatchObject({ authorizer: named });
  });
});

function otlp(other: object): object {
  return { otlp: { to: 'https://otlp.example.com/v1/traces', ratio: 1, ...other } };
}

function jwt(other: object): object {
  const sound = {
    issuer: 'https://issuer.example.com/pool',
    audience: ['app'],
    scopes: { 'streamfold/read': ['ledger:read'] },
  };
  return { jwt: { ...sound, ...other } };
}

function refusal(stage: string, settings: object): string {
  try {
    stageConfig(stage, settings);
  } catch (error) {
    if (error instanceof Error && error.name === 'StageError') return error.message;
    throw error;
  }
  throw new Error(`Stage ${stage} accepted ${JSON.stringify(settings)}.`);
}
