import { describe, expect, it } from '@jest/globals';
import { type Resource, templateOf } from '../support/synthesized.ts';

interface Synthesized {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

const synthesized = (stage: string, settings: object) =>
  templateOf(stage, { alarms: 'silent', ...settings }).toJSON() as Synthesized;

const templates = {
  local: { on: synthesized('local', {}), off: synthesized('local', { httpApi: 'off' }) },
  prod: { on: synthesized('prod', {}), off: synthesized('prod', { httpApi: 'off' }) },
};

/** Resources that only an HTTP API needs, by their types and the start of their logical ids. */
const ofTheHttpApi = [
  'AWS::ApiGatewayV2::Api ApiHttpApi',
  'AWS::ApiGatewayV2::Integration ApiHttpApiDefaultRouteFunction',
  'AWS::ApiGatewayV2::Route ApiHttpApiDefaultRoute',
  'AWS::ApiGatewayV2::Route ApiHttpApiGEThealth',
  'AWS::ApiGatewayV2::Stage ApiHttpApiDefaultStage',
  'AWS::CloudWatch::Alarm ApiServerErrors',
  'AWS::Lambda::Permission ApiHttpApiDefaultRouteFunctionPermission',
  'AWS::Lambda::Permission ApiHttpApiGEThealthFunctionPermission',
  'AWS::Logs::LogGroup ApiHttpApiAccessLogs',
];

describe.each(['local', 'prod'] as const)('stage %s without an HTTP API', (stage) => {
  const { on, off } = templates[stage];
  const lacking = Object.keys(on.Resources).filter((id) => !(id in off.Resources));

  it('lacks only what belongs to the HTTP API', () => {
    const types = lacking.map((id) => `${on.Resources[id]?.Type} ${id.replace(/[0-9A-F]{8}$/, '')}`);
    expect(types.sort()).toEqual(ofTheHttpApi);
  });

  it('has the same other resources, under the same names', () => {
    for (const [id, resource] of Object.entries(off.Resources)) {
      if (resource.Type !== 'AWS::CloudWatch::Dashboard')
        expect([id, resource]).toEqual([id, on.Resources[id]]);
    }
  });

  it('refers to nothing that it lacks', () => {
    const text = JSON.stringify(off);
    for (const id of lacking) expect(text).not.toContain(id);
    expect(text).not.toMatch(/ApiGateway|apigateway|execute-api/);
    expect(Object.keys(on.Outputs).filter((name) => !(name in off.Outputs))).toEqual(['HttpApiUrl']);
  });
});

const dashboardIn = ({ Resources }: Synthesized) =>
  JSON.stringify(Object.values(Resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard'));

it('a dashboard without an HTTP API shows the metrics of everything else', () => {
  const titles = (template: Synthesized) =>
    [...dashboardIn(template).matchAll(/\\"title\\":\\"(.*?)\\"/g)].map(([, title]) => String(title));
  const { on, off } = templates.prod;
  const lost = ['Latency of the API (ms)', 'Errors of the API', 'Requests to the API'];
  expect(titles(on)).toEqual(expect.arrayContaining(lost));
  expect(titles(off)).toEqual(titles(on).filter((title) => !lost.includes(title)));
});

it('a stage without a dashboard has no output for it, and the same alarms', () => {
  const hidden = synthesized('prod', { dashboard: 'off' });
  const { on } = templates.prod;
  expect(dashboardIn(hidden)).toBeUndefined();
  expect(Object.keys(on.Outputs).filter((name) => !(name in hidden.Outputs))).toEqual(['DashboardUrl']);
  const others = Object.entries(on.Resources).filter(([, { Type }]) => Type !== 'AWS::CloudWatch::Dashboard');
  expect(hidden.Resources).toEqual(Object.fromEntries(others));
});
