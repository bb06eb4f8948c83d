import { describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from '../support/synthesized.ts';

const jwt = {
  issuer: 'https://issuer.example.com/pool',
  audience: ['app', 'cli'],
  scopes: { 'streamfold/read': ['ledger:read', 'todo:read'], 'streamfold/pay': ['ledger:write'] },
};
const cors = { origins: ['https://app.example.com'] };

/** The authorization of each route. */
function routesOf(template: Template): Record<string, unknown> {
  return Object.fromEntries(
    resources(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const { RouteKey, AuthorizationType, AuthorizationScopes } = Properties;
      return [RouteKey, AuthorizationScopes ? [AuthorizationType, AuthorizationScopes] : AuthorizationType];
    }),
  );
}

describe('the HTTP API', () => {
  it.each([
    ['local', 'NONE'],
    ['dev', 'AWS_IAM'],
    ['prod', 'AWS_IAM'],
  ])('of stage %s uses authorization %s, except for GET /health', (stage, authorization) => {
    expect(routesOf(templateOf(stage))).toEqual({ $default: authorization, 'GET /health': 'NONE' });
  });

  it('can require tokens of an issuer, for the audience', () => {
    const template = templateOf('dev', { authorizer: { jwt } });
    expect(routesOf(template)).toEqual({ $default: 'JWT', 'GET /health': 'NONE' });
    const authorizers = resources(template, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizers.map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: jwt.issuer, Audience: jwt.audience },
      }),
    ]);
    const [authorizerId] = authorizers[0] ?? [];
    template.resourcePropertiesCountIs(
      'AWS::ApiGatewayV2::Route',
      { AuthorizerId: { Ref: authorizerId }, AuthorizationType: 'JWT' },
      1,
    );
  });

  const plainClaims = { subject: 'sub', scopes: ['scope', 'scp'] };

  it.each([
    ['none', { kind: 'none' }],
    ['iam', { kind: 'iam', scopes: 'all' }],
    [{ iam: { scopes: ['ledger:read'] } }, { kind: 'iam', scopes: ['ledger:any', 'ledger:read'] }],
    [
      { jwt },
      { kind: 'jwt', issuer: jwt.issuer, scopes: jwt.scopes, claims: plainClaims, everyone: ['ledger:any'] },
    ],
    [
      {
        jwt: { ...jwt, scopes: 'as-named', claims: { subject: 'client_id', scopes: 'roles', tenant: 'org' } },
      },
      {
        kind: 'jwt',
        issuer: jwt.issuer,
        scopes: 'as-named',
        claims: { subject: 'client_id', scopes: ['roles'], tenant: 'org' },
        everyone: ['ledger:any'],
      },
    ],
  ])('tells the function how callers authenticate: %j', (authorizer, expected) => {
    const emulator = { account: '000000000000', region: 'us-east-1' };
    const template = templateOf('dev', { authorizer, environment: emulator });
    const functions = resources(template, 'AWS::Lambda::Function');
    const variables = functions.flatMap(([, { Properties }]) => {
      const text: unknown = Properties['Environment']?.['Variables']?.['AUTHENTICATION'];
      return text === undefined ? [] : [JSON.parse(String(text))];
    });
    expect(variables).toEqual([expected]);
  });

  it.each([{ jwt }, { iam: { scopes: ['ledger:read'] } }])(
    'lets callers use accounts of others only with a scope, if the stage has owners: %j',
    (authorizer) => {
      const template = JSON.stringify(templateOf('dev', { authorizer, accountOwners: true }).toJSON());
      expect(template).toContain('ledger:read');
      expect(template).not.toContain('ledger:any');
    },
  );

  it.each([
    ['local', 10_000, 5_000],
    ['dev', 100, 200],
    ['prod', 1_000, 2_000],
  ])('of stage %s is throttled', (stage, ThrottlingRateLimit, ThrottlingBurstLimit) => {
    templateOf(stage).hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit, ThrottlingBurstLimit },
    });
  });

  it('limits the rate of the open health route', () => {
    templateOf('prod').hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: {
        RouteSettings: { 'GET /health': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 40 } },
      },
      // API Gateway refuses settings of a route that does not exist yet.
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ApiHttpApiGEThealth[0-9A-F]{8}$')]),
    });
    templateOf('dev', { throttling: { ratePerSecond: 5, burst: 50 } }).hasResourceProperties(
      'AWS::ApiGatewayV2::Stage',
      { RouteSettings: { 'GET /health': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 40 } } },
    );
  });

  it('limits the rate of every open route, and of no other', () => {
    const template = templateOf('dev', { cors, authorizer: { jwt } });
    const [[, stage] = []] = resources(template, 'AWS::ApiGatewayV2::Stage');
    const open = Object.entries(routesOf(template)).filter(([, authorization]) => authorization === 'NONE');
    const limits = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 40 };
    expect(open.map(([key]) => key).toSorted()).toEqual(['GET /health', 'OPTIONS /{proxy+}']);
    expect(stage?.Properties['RouteSettings']).toEqual(
      Object.fromEntries(open.map(([key]) => [key, limits])),
    );
    template.hasResource('AWS::ApiGatewayV2::Stage', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('OPTIONSproxy')]),
    });
  });

  it.each([
    ['dev', {}, undefined],
    ['local', {}, undefined],
    ['prod', { alarms: 'silent' }, 500],
    ['prod', { alarms: 'silent', apiConcurrency: 'shared' }, undefined],
    ['dev', { apiConcurrency: { reserved: 20, accountLimit: 120 } }, 20],
  ])('of stage %s with %j has %s executions of the account for itself', (stage, settings, reserved) => {
    const functions = resources(templateOf(stage, settings), 'AWS::Lambda::Function');
    const reservations = functions.flatMap(([, { Properties }]) => {
      const { FunctionName, ReservedConcurrentExecutions } = Properties;
      return ReservedConcurrentExecutions ? [[FunctionName, ReservedConcurrentExecutions]] : [];
    });
    expect(reservations).toEqual(reserved ? [[`streamfold-${stage}-api`, reserved]] : []);
  });

  it('keeps the logical ids that its address depends on', () => {
    const ids = resources(templateOf('prod'), 'AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage');
    expect(ids.map(([id]) => id)).toEqual(['ApiHttpApi4C294DC0', 'ApiHttpApiDefaultStageE708EF42']);
  });

  it('refuses pages of other sites by default', () => {
    templateOf('prod').hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
  });

  it('answers preflights from the sites that the stage names', () => {
    const template = templateOf('dev', { cors });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: cors.origins,
        AllowCredentials: Match.absent(),
        AllowHeaders: Match.arrayWith(['authorization', 'idempotency-key', 'if-match']),
        ExposeHeaders: Match.arrayWith(['etag', 'idempotency-replayed', 'location']),
      },
    });
    expect(routesOf(template)).toEqual({
      $default: 'AWS_IAM',
      'GET /health': 'NONE',
      'OPTIONS /{proxy+}': 'NONE',
    });
  });

  it('allows pages of any site to follow the link to a document, but not to use other buckets', () => {
    const rules = (settings: object) =>
      resources(templateOf('dev', settings), 'AWS::S3::Bucket').flatMap(([id, { Properties }]) =>
        Properties['CorsConfiguration'] ? [[id.slice(0, 9), Properties['CorsConfiguration']]] : [],
      );
    expect(rules({ cors })).toEqual([
      ['Documents', { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] }],
    ]);
    expect(rules({})).toEqual([]);
  });

  it('answers their preflights with tokens, too', () => {
    const routes = routesOf(templateOf('dev', { cors, authorizer: { jwt } }));
    expect(routes).toMatchObject({ 'OPTIONS /{proxy+}': 'NONE', 'GET /health': 'NONE' });
  });

  it.each([
    ['local', {}, {}],
    ['dev', {}, { callerIssuer: '$context.identity.accountId', callerSubject: '$context.identity.userArn' }],
    [
      'dev',
      { authorizer: { jwt } },
      { callerIssuer: '$context.authorizer.claims.iss', callerSubject: '$context.authorizer.claims.sub' },
    ],
    [
      'dev',
      { authorizer: { jwt: { ...jwt, claims: { subject: 'client_id' } } } },
      {
        callerIssuer: '$context.authorizer.claims.iss',
        callerSubject: '$context.authorizer.claims.client_id',
      },
    ],
    [
      'dev',
      { authorizer: { jwt: { ...jwt, claims: { subject: 'https://example.com/name' } } } },
      { callerIssuer: '$context.authorizer.claims.iss' },
    ],
  ])('names the caller in its log, stage %s with %j', (stage, settings, caller) => {
    const [[, resource] = []] = resources(templateOf(stage, settings), 'AWS::ApiGatewayV2::Stage');
    const { Format } = resource?.Properties['AccessLogSettings'] ?? ({} as Record<string, never>);
    const line: Record<string, string> = JSON.parse(String(Format));
    expect(Object.fromEntries(Object.entries(line).filter(([name]) => name.startsWith('caller')))).toEqual(
      caller,
    );
  });

  it('logs each request as JSON, without personal data of others than the caller', () => {
    const [[, stage] = []] = resources(templateOf('prod'), 'AWS::ApiGatewayV2::Stage');
    const { Format, DestinationArn } =
      stage?.Properties['AccessLogSettings'] ?? ({} as Record<string, never>);
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': [expect.stringContaining('AccessLogs'), 'Arn'] });
    const { callerIssuer, callerSubject, ...others } = JSON.parse(String(Format));
    expect([callerIssuer, callerSubject]).toEqual([expect.any(String), expect.any(String)]);
    const variables = Object.values(others);
    expect(variables).toEqual(expect.arrayContaining(['$context.requestId', '$context.status']));
    for (const variable of variables) {
      expect(variable).toMatch(/^\$context\./);
      expect(variable).not.toMatch(/identity|path|domain|claims|principal|\$context\.authorizer(?!\.error$)/);
    }
  });
});
