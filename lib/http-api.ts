import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRouteIntegration,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { removalPolicy } from './protection.ts';
import type { StageConfig } from './stages.ts';

/** The rule that a route has an authorizer. */
const unauthorized = 'AwsSolutions-APIG4';

export interface BackendHttpApiProps {
  readonly stage: string;
  readonly config: StageConfig;
  /** Answers every request, whatever its route. */
  readonly handler: IFunction;
}

/**
 * An HTTP API whose routes all lead to one function, which routes by itself. Callers prove who they are as the stage says;
 * `GET /health` alone is open, for load balancers and uptime checks cannot sign their requests.
 */
export class BackendHttpApi extends HttpApi {
  constructor(scope: Construct, id: string, { stage, config, handler }: BackendHttpApiProps) {
    const integration = new HttpLambdaIntegration('Function', handler);
    const { authorizer, scopes } = access(config.authorizer);
    super(scope, id, {
      apiName: `streamfold-${stage}`,
      defaultIntegration: integration,
      defaultAuthorizer: authorizer,
      defaultAuthorizationScopes: [...scopes],
      createDefaultStage: false,
      ...(config.cors !== 'closed' && { corsPreflight: corsFor(config.cors.origins) }),
    });
    this.#addStage(config);
    this.#addOpenRoutes(config, integration);
    if (config.authorizer === 'none') {
      const reason = 'The stage is bound to the account that only emulators have.';
      acknowledge(this.node.findChild('DefaultRoute'), unauthorized, reason);
    }
    for (const [routeKey, authorizationScopes] of Object.entries(routeScopesOf(config))) {
      const [method, path] = routeKey.split(' ') as [HttpMethod, string];
      this.addRoutes({ path, methods: [method], integration, authorizationScopes: [...authorizationScopes] });
    }
  }

  #addOpenRoutes({ cors }: StageConfig, integration: HttpRouteIntegration): void {
    const open = { integration, authorizer: new HttpNoneAuthorizer(), authorizationScopes: [] };
    for (const route of this.addRoutes({ ...open, path: '/health', methods: [HttpMethod.GET] })) {
      acknowledge(
        route,
        unauthorized,
        'Load balancers and uptime checks have no credentials; it tells nothing of anybody.',
      );
    }
    // API Gateway answers preflights itself, but authorizes those that reach `$default` like any request.
    if (cors !== 'closed') {
      for (const route of this.addRoutes({ ...open, path: '/{proxy+}', methods: [HttpMethod.OPTIONS] })) {
        acknowledge(
          route,
          unauthorized,
          'Browsers send no credentials with a preflight, and get none of the data.',
        );
      }
    }
  }

  #addStage({ throttling, logRetention, protectData }: StageConfig): void {
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: logRetention,
      removalPolicy: removalPolicy(protectData),
    });
    new HttpStage(this, 'DefaultStage', {
      httpApi: this,
      autoDeploy: true,
      throttle: { rateLimit: throttling.ratePerSecond, burstLimit: throttling.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLogFormat },
    });
  }
}

/**
 * A line of JSON for each request, refused ones above all: the function never hears of them. Neither addresses nor user agents
 * nor paths, which may hold ids that callers chose; the function's log knows the request by its id.
 */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    routeKey: '$context.routeKey',
    method: '$context.httpMethod',
    status: '$context.status',
    responseLatencyMs: '$context.responseLatency',
    responseLengthBytes: '$context.responseLength',
    error: '$context.error.message',
    authorizerError: '$context.authorizer.error',
    integrationStatus: '$context.integrationStatus',
    integrationLatencyMs: '$context.integrationLatency',
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** The scopes of the routes that ask tokens for their own, by route key. */
export function routeScopesOf({ authorizer }: StageConfig): Readonly<Record<string, readonly string[]>> {
  return typeof authorizer === 'object' ? authorizer.jwt.routeScopes : {};
}

interface Access {
  readonly authorizer: IHttpRouteAuthorizer;
  readonly scopes: readonly string[];
}

function access(kind: StageConfig['authorizer']): Access {
  if (kind === 'iam') return { authorizer: new HttpIamAuthorizer(), scopes: [] };
  if (kind === 'none') return { authorizer: new HttpNoneAuthorizer(), scopes: [] };
  const { issuer, audience, scopes } = kind.jwt;
  const authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [...audience] });
  return { authorizer, scopes };
}

/** Lets pages of these origins send what clients of the API may send, and read what they have to act on. */
function corsFor(origins: readonly string[]): CorsPreflightOptions {
  return {
    allowOrigins: [...origins],
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: [
      'authorization',
      'cache-control',
      'content-type',
      'idempotency-key',
      'if-match',
      'if-none-match',
      'traceparent',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
      'x-correlation-id',
    ],
    exposeHeaders: ['etag', 'location', 'retry-after', 'x-correlation-id'],
    maxAge: Duration.hours(1),
  };
}
