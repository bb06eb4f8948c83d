import { UserError } from '../../user-error.ts';
import type { ResourceType } from '../world.ts';
import { functionNamed, requiredText } from './properties.ts';

/** AWS::ApiGatewayV2::Api: an HTTP API. The host has one, at its HTTP port. */
export const httpApi: ResourceType = {
  properties: ['ProtocolType'],
  ignored: ['CorsConfiguration', 'Name'],
  create: ({ logicalId, properties }) => {
    if (properties['ProtocolType'] !== 'HTTP') throw new UserError('only HTTP APIs are supported.');
    return { ref: logicalId, attributes: {} };
  },
};

/** AWS::ApiGatewayV2::Integration, of a function. Its `Ref` is the function's name. */
export const httpIntegration: ResourceType = {
  properties: ['IntegrationUri', 'PayloadFormatVersion'],
  ignored: ['ApiId', 'IntegrationType'],
  create: ({ properties }, { functions }) => {
    if (properties['PayloadFormatVersion'] !== '2.0') {
      throw new UserError('only the payload format 2.0 is supported.');
    }
    const target = functionNamed(functions, properties['IntegrationUri']);
    return { ref: target.configuration.name, attributes: {} };
  },
};

/** AWS::ApiGatewayV2::Route. Its authorizer has no effect: only this machine reaches the host. */
export const httpRoute: ResourceType = {
  properties: ['RouteKey', 'Target'],
  ignored: ['ApiId', 'AuthorizationScopes', 'AuthorizationType', 'AuthorizerId'],
  create: ({ logicalId, properties }, { functions, routes }) => {
    const functionName = requiredText(properties, 'Target').replace('integrations/', '');
    routes.add(requiredText(properties, 'RouteKey'), functionNamed(functions, functionName));
    return { ref: logicalId, attributes: {} };
  },
};
