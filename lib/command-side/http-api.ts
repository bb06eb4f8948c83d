import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnRoute,
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  type HttpRouteIntegration,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Authentication } from '../../schema/authentication.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { DataLogGroup } from '../platform/data-log-group.ts';
import type { StageConfig } from '../platform/stages.ts';
import { authenticationOf, authorizerOf, corsFor } from './http-access.ts';

/** The rule of cdk-nag that every route has an authorizer. */
const unauthorized = 'AwsSolutions-APIG4';

/** Limits of each open route: enough for uptime checks and preflights, and too little to cost much or to slow other callers down. */
const openThrottling = { ratePerSecond: 10, burst: 40 };

export interface BackendHttpApiProps {
  readonly stage: string;
  readonly config: StageConfig;
  /** Answers the requests of all routes. */
  readonly handler: IFunction;
}

/**
 * An HTTP API with one function behind all routes; the function does the routing. The stage decides how callers
 * authenticate. Only `GET /health` is open, because load balancers and uptime checks cannot sign requests.
 */
export class BackendHttpApi extends HttpApi {
  constructor(scope: Construct, id: string, { stage, config, handler }: BackendHttpApiProps) {
    const integration = new HttpLambdaIntegration('Function', handler);
    super(scope, id, {
      apiName: `streamfold-${stage}`,
      defaultIntegration: integration,
      defaultAuthorizer: authorizerOf(config),
      createDefaultStage: false,
      ...(config.cors !== 'closed' && { corsPreflight: corsFor(config.cors.origins) }),
    });
    const preflightRoutes = config.cors === 'closed' ? [] : this.#addPreflightRoute(integration);
    this.#addStage(config, [...this.#addHealthRoute(integration), ...preflightRoutes]);
    if (config.authorizer === 'none') {
      const reason = 'The stage is bound to the account that only emulators use.';
      acknowledge(this.node.findChild('DefaultRoute'), unauthorized, reason);
    }
  }

  #addHealthRoute(integration: HttpRouteIntegration): HttpRoute[] {
    const routes = this.#addOpenRoute('/health', HttpMethod.GET, integration);
    for (const route of routes) {
      acknowledge(
        route,
        unauthorized,
        'Load balancers and uptime checks have no credentials. The answer holds no personal data.',
      );
    }
    return routes;
  }

  /**
   * API Gateway adds CORS headers to the answer of a preflight, but authorizes the preflight like any request of its
   * route. So preflights get an open route of their own. The function answers them.
   */
  #addPreflightRoute(integration: HttpRouteIntegration): HttpRoute[] {
    const routes = this.#addOpenRoute('/{proxy+}', HttpMethod.OPTIONS, integration);
    for (const route of routes) {
      acknowledge(
        route,
        unauthorized,
        'Browsers send no credentials with a preflight, and its answer holds no data.',
      );
    }
    return routes;
  }

  #addOpenRoute(path: string, method: HttpMethod, integration: HttpRouteIntegration): HttpRoute[] {
    const authorizer = new HttpNoneAuthorizer();
    return this.addRoutes({ authorizer, integration, path, methods: [method] });
  }

  /** The stage's throttling applies to each route by itself. Open routes have lower limits. */
  #addStage(config: StageConfig, openRoutes: readonly HttpRoute[]): void {
    const { throttling } = config;
    const logs = new DataLogGroup(this, 'AccessLogs', config);
    const stage = new HttpStage(this, 'DefaultStage', {
      httpApi: this,
      autoDeploy: true,
      throttle: { rateLimit: throttling.ratePerSecond, burstLimit: throttling.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: accessLogFormatOf(config) },
    });
    const settings = {
      ThrottlingRateLimit: Math.min(throttling.ratePerSecond, openThrottling.ratePerSecond),
      ThrottlingBurstLimit: Math.min(throttling.burst, openThrottling.burst),
    };
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = Object.fromEntries(
      openRoutes.map((route) => [(route.node.defaultChild as CfnRoute).routeKey, settings]),
    );
    // API Gateway refuses settings of a route that does not exist yet.
    stage.node.addDependency(...openRoutes);
  }
}

/**
 * One line of JSON per request. This is the only log of requests that API Gateway refuses. It names the caller, and has no
 * addresses, user agents or paths, because paths may hold ids that callers chose. `functionRequestId` is
 * `function_request_id` in the log of the function, where the line about the request also has the correlation id.
 */
function accessLogFormatOf(config: StageConfig): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: '$context.requestId',
      functionRequestId: '$context.integration.requestId',
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
      ...callerFields(authenticationOf(config)),
    }),
  );
}

/**
 * The fields that name the caller: `-` for a request that is not authenticated. An IAM caller has the name of its session
 * here. A claim whose name is more than letters, digits and `_` has no variable, so then the line has the issuer only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
function callerFields(authentication: Authentication): Readonly<Record<string, string>> {
  if (authentication.kind === 'none') return {};
  if (authentication.kind === 'iam') {
    return { callerIssuer: '$context.identity.accountId', callerSubject: '$context.identity.userArn' };
  }
  const { subject } = authentication.claims;
  return {
    callerIssuer: '$context.authorizer.claims.iss',
    ...(/^\w+$/.test(subject) && { callerSubject: `$context.authorizer.claims.${subject}` }),
  };
}
