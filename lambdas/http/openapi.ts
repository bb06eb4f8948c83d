import * as z from 'zod';
import type { Authentication } from '../../schema/authentication.ts';
import type { Method } from './messages.ts';
import {
  commandHeaders,
  componentSchemas,
  mapValues,
  type OpenApiNode,
  problemSchema,
  readHeaders,
  ref,
  type SchemaOf,
} from './openapi-components.ts';
import { securityOf, securitySchemes } from './openapi-security.ts';
import { defineRoute, type Route } from './route.ts';
import type { AnswerSpec, RawBody } from './route-spec.ts';

/** The document's description of the whole API. */
export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** How callers authenticate. `none`: they may, but need not. */
  readonly authentication: Authentication['kind'];
}

/** `GET /openapi.json`: the document of these routes and of this route. It is created at the first request. */
export function openApiRoute(info: ApiInfo, routes: readonly Route[]): Route {
  let document: OpenApiNode | undefined;
  const self = defineRoute({
    method: 'GET',
    path: '/openapi.json',
    // It shows no data, but also not to strangers.
    access: 'any-caller',
    reads: 'nothing',
    operationId: 'getOpenApi',
    summary: 'This document',
    tags: ['service'],
    answers: {
      200: { description: 'The API as OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) },
    },
    handle: () => {
      document ??= openApiDocument(info, [...routes, self]);
      return { status: 200, body: document };
    },
  });
  return self;
}

/**
 * The OpenAPI 3.1 document of the routes. Schemas with an id in their `meta` become components. Throws if two different
 * schemas have the same id, and if a schema with an id differs as input and output.
 */
export function openApiDocument({ authentication, ...info }: ApiInfo, routes: readonly Route[]): OpenApiNode {
  const schemas: Record<string, unknown> = { Problem: problemSchema };
  const schemaOf = componentSchemas(schemas);
  const paths: Record<string, Record<string, OpenApiNode>> = {};
  for (const route of routes) {
    const method = route.method.toLowerCase() as Lowercase<Method>;
    paths[route.path] = { ...paths[route.path], [method]: operationOf(route, authentication, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    paths,
    components: { schemas, parameters: { ...commandHeaders, ...readHeaders }, securitySchemes },
  };
}

function operationOf(route: Route, authentication: Authentication['kind'], schemaOf: SchemaOf): OpenApiNode {
  const { operationId, summary, tags, body, rawBody, bodyRequired } = route;
  const description = descriptionOf(route);
  const parameters = [
    ...parametersOf('path', route.params, schemaOf),
    ...parametersOf('query', route.query, schemaOf),
    ...Object.keys(headersOf(route)).map((name) => ref('parameters', name)),
  ];
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    ...(tags && { tags }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: bodyRequired, content: jsonContent(schemaOf(body, 'input')) } }),
    ...(rawBody && { requestBody: rawRequestBody(rawBody) }),
    security: securityOf(route.access, authentication),
    responses: {
      ...mapValues(route.answers, (answer) => answerOf(answer, schemaOf)),
      ...mapValues(problemsOf(route), problemResponse),
      default: problemResponse('Any other problem.'),
    },
  };
}

/** The description, with the scopes that only some bodies need. */
function descriptionOf({ description, bodyScopes = [] }: Route): string | undefined {
  const notes = bodyScopes.map(({ scope, purpose }) => `The scope \`${scope}\` is also needed ${purpose}.`);
  const sentences = [...(description === undefined ? [] : [description]), ...notes];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function headersOf(route: Route): OpenApiNode {
  if (route.command) return commandHeaders;
  return isVersioned(route) ? readHeaders : {};
}

/** Whether the route reads something that has a version. */
function isVersioned({ method, answers }: Route): boolean {
  return method === 'GET' && Object.values(answers).some(({ headers }) => headers?.['etag'] !== undefined);
}

/** In OpenAPI 3.1, a media type without a schema means any content of that type. */
function rawRequestBody({ contentTypes, maxBytes }: RawBody): OpenApiNode {
  return {
    description: `The document itself, whole and not compressed. At most ${maxBytes} bytes. Text is UTF-8.`,
    required: true,
    content: Object.fromEntries([...contentTypes, 'application/octet-stream'].map((type) => [type, {}])),
  };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined, schemaOf: SchemaOf) {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...described } = schemaOf(field as z.ZodType, 'input');
    return {
      name,
      in: place,
      ...(description !== undefined && { description }),
      required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
      schema: described,
    };
  });
}

function answerOf({ description, schema, headers }: AnswerSpec, schemaOf: SchemaOf): OpenApiNode {
  return {
    description,
    ...(headers && {
      headers: mapValues(headers, (text) => ({ description: text, schema: { type: 'string' } })),
    }),
    ...(schema && { content: jsonContent(schemaOf(schema, 'output')) }),
  };
}

/** The problems of a route: those of the HTTP layer, replaced by the route's own for the same status. */
function problemsOf(route: Route): Readonly<Record<number, string>> {
  return {
    400: 'The request is malformed or breaks a rule that does not depend on stored data.',
    ...((route.body || route.rawBody) && { 413: 'The body is too large.' }),
    ...(route.body && { 415: 'The headers do not declare the body as UTF-8 JSON.' }),
    ...(route.rawBody && {
      415: 'The headers declare another type of body, another charset or a compressed body.',
    }),
    ...(route.command && {
      412: 'The stream is at a version that `If-Match` or `If-None-Match` does not accept.',
      422: 'The caller already used the idempotency key for another command.',
    }),
    ...(route.access !== 'open' && {
      401: 'The request has no identity, or one that cannot be used.',
      403: 'The caller does not have the scope that the operation needs.',
    }),
    ...(isVersioned(route) && { 412: 'The answer has another version than `If-Match` names.' }),
    503: 'The service is busy or not reachable. Repeat the request after `Retry-After` seconds.',
    ...route.problems,
  };
}

function problemResponse(description: string): OpenApiNode {
  return { description, content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } } };
}

function jsonContent(schema: OpenApiNode): OpenApiNode {
  return { 'application/json': { schema } };
}
