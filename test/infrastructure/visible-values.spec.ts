import { describe, expect, it } from '@jest/globals';
import { type Resource, resources, templateOf } from '../support/synthesized.ts';

const issuer = 'https://issuer.example.com/pool';

/** Settings with all that the person who deploys can name. */
const settings = {
  alarms: { email: 'ops@example.com' },
  authorizer: { jwt: { issuer, audience: ['app'], scopes: 'as-named' } },
};

/** The texts of a value that are written in the template: references to resources have none. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value)
    .filter(([name]) => name !== 'Ref' && name !== 'Fn::GetAtt')
    .flatMap(([, each]) => textsIn(each));
}

describe('what everybody may read who can describe the stack', () => {
  const template = templateOf('prod', settings);

  it('has no variable of a function that looks like a secret, and no long text but the settings of callers', () => {
    for (const [id, { Properties }] of resources(template, 'AWS::Lambda::Function')) {
      const variables = Object.entries(Properties['Environment']?.['Variables'] ?? {});
      expect(variables.length).toBeGreaterThan(3);
      for (const [name, value] of variables) {
        expect({
          id,
          name: /PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE|ACCESS_KEY/.test(name) && name,
        }).toEqual({
          id,
          name: false,
        });
        const long = textsIn(value).filter((text) => text.length > 40 && name !== 'AUTHENTICATION');
        expect({ id, name, long }).toEqual({ id, name, long: [] });
      }
    }
  });

  it('names the address for alarms in its subscription only', () => {
    const naming = Object.values(template.toJSON()['Resources'] as Record<string, Resource>)
      .filter((resource) => JSON.stringify(resource).includes('ops@example.com'))
      .map(({ Type }) => Type);
    expect(naming).toEqual(['AWS::SNS::Subscription']);
  });

  it('has outputs that are names and addresses of the stack itself', () => {
    const outputs = template.toJSON()['Outputs'] as Record<string, { Value: unknown }>;
    expect(Object.keys(outputs).sort()).toEqual([
      'ApiFunctionName',
      'DashboardUrl',
      'HttpApiUrl',
      'OperatorRoleArn',
    ]);
  });

  it('has no tags, and descriptions of alarms name constructs only', () => {
    const all = Object.entries(template.toJSON()['Resources'] as Record<string, Resource>);
    expect(all.filter(([, { Properties }]) => Properties?.['Tags'] !== undefined)).toEqual([]);
    for (const [, { Properties }] of resources(template, 'AWS::CloudWatch::Alarm')) {
      expect(textsIn(Properties['AlarmDescription']).join('')).not.toMatch(/@|arn:|\d{12}|https?:/);
    }
  });
});
