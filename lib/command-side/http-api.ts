import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnRoute,
  type CfnStage,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
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
import { parseRouteKey } from '../../schema/route-matcher.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { removalPolicy } from '../platform/protection.ts';
import type { StageConfig } from '../platform/stages.ts';

/** The rule that a route has an authorizer. */
const unauthorized = 'AwsSolutions-APIG4';

/** What checks need; a stranger who calls all day costs little, and takes nothing away from callers who proved themselves. */
const openThrottling = { ratePerSecond: 10, burst: 40 };

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
    const routeScopes = routeScopesOf(config);
    super(scope, id, {
      apiName: `streamfold-${stage}`,
      defaultIntegration: integration,
      defaultAuthorizer: authorizer,
      defaultAuthorizationScopes: [...scopes],
      createDefaultStage: false,
      ...(config.cors !== 'closed' && { corsPreflight: corsFor(config.cors.origins) }),
    });
    this.#addStage(config, this.#addHealthRoute(integration));
    if (config.cors !== 'closed') this.#addPreflightRoutes(Object.keys(routeScopes), integration);
    if (config.authorizer === 'none') {
      const reason = 'The stage is bound to the account that only emulators have.';
      acknowledge(this.node.findChild('DefaultRoute'), unauthorized, reason);
    }
    for (const [routeKey, authorizationScopes] of Object.entries(routeScopes)) {
      const { method, path } = parseRouteKey(routeKey);
      const methods = [method as HttpMethod];
      this.addRoutes({ path, methods, integration, authorizationScopes: [...authorizationScopes] });
    }
  }

  #addHealthRoute(integration: HttpRouteIntegration): HttpRoute[] {
    const routes = this.#addOpenRoute('/health', HttpMethod.GET, integration);
    for (const route of routes) {
      acknowledge(
        route,
        unauthorized,
        'Load balancers and uptime checks have no credentials; it tells nothing of anybody.',
      );
    }
    return routes;
  }

  /**
   * API Gateway puts the headers on a preflight's answer, but authorizes it like any request of the route it matches: of
   * `$default`, and of a route for any method. The function answers it.
   */
  #addPreflightRoutes(routeKeys: readonly string[], integration: HttpRouteIntegration): void {
    const ofAnyMethod = routeKeys.map(parseRouteKey).filter(({ method }) => method === 'ANY');
    for (const path of new Set(['/{proxy+}', ...ofAnyMethod.map((key) => key.path)])) {
      for (const route of this.#addOpenRoute(path, HttpMethod.OPTIONS, integration)) {
        acknowledge(
          route,
          unauthorized,
          'Browsers send no credentials with a preflight, and get none of the data.',
        );
      }
    }
  }

  #addOpenRoute(path: string, method: HttpMethod, integration: HttpRouteIntegration): HttpRoute[] {
    const open = { authorizer: new HttpNoneAuthorizer(), authorizationScopes: [] };
    return this.addRoutes({ ...open, integration, path, methods: [method] });
  }

  /** Each route has the stage's throttling to itself; the open ones are given less. */
  #addStage({ throttling, logRetention, protectData }: StageConfig, openRoutes: readonly HttpRoute[]): void {
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: logRetention,
      removalPolicy: removalPolicy(protectData),
    });
    const stage = new HttpStage(this, 'DefaultStage', {
      httpApi: this,
      autoDeploy: true,
      throttle: { rateLimit: throttling.ratePerSecond, burstLimit: throttling.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLogFormat },
    });
    const settings = {
      ThrottlingRateLimit: Math.min(throttling.ratePerSecond, openThrottling.ratePerSecond),
      ThrottlingBurstLimit: Math.min(throttling.burst, openThrottling.burst),
    };
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = Object.fromEntries(
      openRoutes.map((route) => [(route.node.defaultChild as CfnRoute).routeKey, settings]),
    );
    // API Gateway refuses settings of a route that is not there yet.
    stage.node.addDependency(...openRoutes);
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
