import { UserError } from '../../user-error.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalText, requiredText } from './properties.ts';

/** AWS::ApiGatewayV2::Api: an HTTP API. All routes of the app answer at one address here. */
export const httpApi: ResourceHandler = ({ logicalId, properties }, { httpUrl }) => {
  if (properties['ProtocolType'] !== 'HTTP') throw new UserError(`${logicalId}: only HTTP APIs run here.`);
  return { ref: logicalId, attributes: { ApiId: logicalId, ApiEndpoint: httpUrl } };
};

/** AWS::ApiGatewayV2::Integration, of a function. What it resolves to is the function's name. */
export const httpIntegration: ResourceHandler = ({ logicalId, properties }, { functions }) => {
  const uri = requiredText(properties, 'IntegrationUri');
  const target = functions.find(uri);
  if (target === undefined || properties['PayloadFormatVersion'] !== '2.0') {
    throw new UserError(`${logicalId}: only integrations of a function with payload format 2.0 run here.`);
  }
  return { ref: target.configuration.name, attributes: {} };
};

/** AWS::ApiGatewayV2::Route. Its authorizer, if any, has no effect: only this machine reaches it. */
export const httpRoute: ResourceHandler = ({ logicalId, properties }, { functions, routes }) => {
  const routeKey = requiredText(properties, 'RouteKey');
  const functionName = (optionalText(properties, 'Target') ?? '').replace('integrations/', '');
  const target = functions.find(functionName);
  if (target === undefined) throw new UserError(`${logicalId}: route "${routeKey}" leads to no function.`);
  routes.add(routeKey, target);
  return { ref: logicalId, attributes: { RouteId: logicalId } };
};
