import { describe, expect, it } from '@jest/globals';
import { functions } from '../support/deployed.ts';
import { resources, templateOf } from '../support/synthesized.ts';

const secretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:otlp-key-AbC123';
const collector = { to: 'https://otlp.example.com/v1/traces', ratio: 0.25 };

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** What a template has for tracing: the variables and modes of functions, what their roles may do, and the state machine's tracing. */
function tracesOf(stage: string, settings?: object) {
  const template = templateOf(stage, settings && { alarms: 'silent', ...settings });
  const deployed = resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => ({
    mode: Properties['TracingConfig']?.['Mode'],
    variables: Object.fromEntries(
      Object.entries(Properties['Environment']?.['Variables'] ?? {}).filter(([name]) =>
        /TRAC|OTEL|OTLP/.test(name),
      ),
    ),
  }));
  const grants = resources(template, 'AWS::IAM::Policy').flatMap(([id, { Properties }]) => {
    const statements: readonly Statement[] = Properties['PolicyDocument']?.['Statement'] ?? [];
    return statements
      .flatMap(({ Action, Resource }) => [Action].flat().map((action) => ({ action, Resource })))
      .filter(({ action }) => /^(?:xray|secretsmanager):/.test(action))
      .map((grant) => ({ ...grant, role: id.replace(/RoleDefaultPolicy.*/, '') }));
  });
  const [[, machine] = []] = resources(template, 'AWS::StepFunctions::StateMachine');
  const machineIsTraced = machine?.Properties['TracingConfiguration']?.['Enabled'] ?? false;
  return { deployed, grants, machineIsTraced };
}

const ofEveryFunction = (variables: object, mode?: string) => functions.map(() => ({ mode, variables }));

describe('the setting tracing', () => {
  it('adds nothing at all when it is off, as on local', () => {
    const nothing = { deployed: ofEveryFunction({}), grants: [], machineIsTraced: false };
    expect(tracesOf('local')).toEqual(nothing);
    expect(tracesOf('prod', { tracing: 'off' })).toEqual(nothing);
  });

  it.each([
    ['dev', '1'],
    ['prod', '0.05'],
  ])('sends the spans of %s to CloudWatch of the region, signed, and grants this alone', (stage, ratio) => {
    const { deployed, grants, machineIsTraced } = tracesOf(stage);
    const region = { Ref: 'AWS::Region' };
    const endpoint = ['https://xray.', region, '.', { Ref: 'AWS::URLSuffix' }, '/v1/traces'];
    expect(deployed).toEqual(
      ofEveryFunction({
        TRACING: 'otlp',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: { 'Fn::Join': ['', endpoint] },
        OTEL_TRACES_SAMPLER_ARG: ratio,
        OTLP_SIGNING: 'sigv4',
      }),
    );
    const actions = ['xray:PutTraceSegments', 'xray:PutSpans', 'xray:PutSpansForIndexing'];
    expect(grants).toHaveLength(actions.length * functions.length);
    expect(new Set(grants.map(({ role }) => role)).size).toBe(functions.length);
    expect(new Set(grants.map(({ action }) => action))).toEqual(new Set(actions));
    for (const grant of grants) expect(grant).toMatchObject({ Resource: '*' });
    expect(machineIsTraced).toBe(false);
  });

  it('sends spans to a collector, with a header from one secret, and grants this secret alone', () => {
    const header = { name: 'x-api-key', secretArn };
    const { deployed, grants } = tracesOf('dev', { tracing: { otlp: { ...collector, header } } });
    expect(deployed).toEqual(
      ofEveryFunction({
        TRACING: 'otlp',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.to,
        OTEL_TRACES_SAMPLER_ARG: '0.25',
        OTLP_HEADER_NAME: 'x-api-key',
        OTLP_HEADER_SECRET_ARN: secretArn,
      }),
    );
    expect(new Set(grants.map(({ role }) => role)).size).toBe(functions.length);
    for (const grant of grants)
      expect(grant).toMatchObject({ action: 'secretsmanager:GetSecretValue', Resource: secretArn });
    expect(tracesOf('dev', { tracing: { otlp: collector } }).grants).toEqual([]);
  });

  it('lets Lambda and Step Functions trace for X-Ray, as before', () => {
    const { deployed, grants, machineIsTraced } = tracesOf('dev', { tracing: 'xray' });
    expect(deployed).toEqual(ofEveryFunction({ TRACING: 'xray' }, 'Active'));
    expect(machineIsTraced).toBe(true);
    const ofFunctions = grants.filter(({ role }) => !role.startsWith('RebuildMachine'));
    expect(ofFunctions).toHaveLength(2 * functions.length);
    expect(new Set(grants.map(({ action }) => action))).toEqual(
      new Set([
        ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        ...['xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      ]),
    );
  });

  it('finds CloudWatch of the other partitions by their own suffix', () => {
    const environment = { account: '123456789012', region: 'cn-north-1' };
    const [one] = tracesOf('dev', { environment }).deployed;
    expect(JSON.stringify(one)).toContain(
      '["https://xray.cn-north-1.",{"Ref":"AWS::URLSuffix"},"/v1/traces"]',
    );
  });
});
