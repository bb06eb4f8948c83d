import { Cors, type CorsConfiguration } from '../../endpoints/cors.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceType } from '../world.ts';
import { functionNamed, optionalText, requiredText } from './properties.ts';

/** AWS::ApiGatewayV2::Api: an HTTP API. The host has one, at its HTTP port. */
export const httpApi: ResourceType = {
  properties: ['CorsConfiguration', 'ProtocolType'],
  ignored: ['Name'],
  create: ({ logicalId, properties }, world) => {
    if (properties['ProtocolType'] !== 'HTTP') throw new UserError('only HTTP APIs are supported.');
    world.cors = new Cors(properties['CorsConfiguration'] as CorsConfiguration | undefined);
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

/** AWS::ApiGatewayV2::Authorizer of tokens. */
export const httpAuthorizer: ResourceType = {
  properties: ['AuthorizerType', 'IdentitySource', 'JwtConfiguration'],
  ignored: ['ApiId', 'Name'],
  create: ({ logicalId, properties }, { authorizers, keyOf }) => {
    const { AuthorizerType, IdentitySource, JwtConfiguration } = properties;
    if (AuthorizerType !== 'JWT' || String(IdentitySource) !== '$request.header.Authorization') {
      throw new UserError('only authorizers of tokens in the header Authorization are supported.');
    }
    const { Issuer, Audience } = JwtConfiguration as { Issuer: string; Audience: readonly string[] };
    authorizers.set(logicalId, { issuer: Issuer, audience: Audience, publicKey: keyOf(Issuer) });
    return { ref: logicalId, attributes: {} };
  },
};

/** AWS::ApiGatewayV2::Route. Signatures are not checked: only this machine reaches the host. Tokens are. */
export const httpRoute: ResourceType = {
  properties: ['AuthorizerId', 'RouteKey', 'Target'],
  ignored: ['ApiId', 'AuthorizationType'],
  create: ({ logicalId, properties }, { functions, routes, authorizers }) => {
    const functionName = requiredText(properties, 'Target').replace('integrations/', '');
    const authorizer = authorizers.get(optionalText(properties, 'AuthorizerId') ?? '');
    routes.add(requiredText(properties, 'RouteKey'), functionNamed(functions, functionName), authorizer);
    return { ref: logicalId, attributes: {} };
  },
};
