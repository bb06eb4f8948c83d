import * as z from 'zod';
import type { Method } from './messages.ts';
import { defineRoute, type Route } from './route.ts';
import type { AnswerSpec, RawBody } from './route-spec.ts';

/** What the document says of the API as a whole. */
export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

/** An OpenAPI 3.1 document, or a part of one. */
export type OpenApiNode = { readonly [key: string]: unknown };

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => OpenApiNode;

const commandHeaders = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes the command safe to repeat: sent again with the same key it answers the first outcome again and adds nothing. ' +
      'A key is honoured for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'Carries the command out only while the stream is at this version, as `ETag` gave it: `"3"`.',
    schema: { type: 'string' },
  },
};

const problemItemSchema = {
  type: 'object',
  properties: {
    pointer: { type: 'string', description: 'JSON pointer into the body.' },
    parameter: { type: 'string', description: 'Name of a path or query parameter.' },
    header: { type: 'string', description: 'Name of a request header.' },
    detail: { type: 'string' },
  },
  required: ['detail'],
};

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  properties: {
    type: { type: 'string', format: 'uri', description: 'Stable; tells problems apart.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and what would help.' },
    instance: { type: 'string', format: 'uri', description: 'This occurrence, by its correlation id.' },
    errors: { type: 'array', items: problemItemSchema },
  },
  required: ['type', 'title', 'status', 'detail', 'instance'],
};

/** `GET /openapi.json`, answering the document of these routes and itself. It is made at the first request. */
export function openApiRoute(info: ApiInfo, routes: readonly Route[]): Route {
  let document: OpenApiNode | undefined;
  const self = defineRoute({
    method: 'GET',
    path: '/openapi.json',
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
 * The OpenAPI 3.1 document of the routes. Schemas with a `meta` id become components; throws where one id stands for two
 * different schemas, as it does when one schema reads differently as input and as output.
 */
export function openApiDocument(info: ApiInfo, routes: readonly Route[]): OpenApiNode {
  const schemas: Record<string, unknown> = { Problem: problemSchema };
  const schemaOf = componentSchemas(schemas);
  const paths: Record<string, Record<string, OpenApiNode>> = {};
  for (const route of routes) {
    const method = route.method.toLowerCase() as Lowercase<Method>;
    paths[route.path] = { ...paths[route.path], [method]: operationOf(route, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    paths,
    components: { schemas, parameters: commandHeaders },
  };
}

function operationOf(route: Route, schemaOf: SchemaOf): OpenApiNode {
  const { operationId, summary, description, tags, body, rawBody, bodyRequired } = route;
  const parameters = [
    ...parametersOf('path', route.params, schemaOf),
    ...parametersOf('query', route.query, schemaOf),
    ...(route.command ? Object.keys(commandHeaders).map((name) => ref('parameters', name)) : []),
  ];
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    ...(tags && { tags }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: bodyRequired, content: jsonContent(schemaOf(body, 'input')) } }),
    ...(rawBody && { requestBody: rawRequestBody(rawBody) }),
    responses: {
      ...mapValues(route.answers, (answer) => answerOf(answer, schemaOf)),
      ...mapValues(problemsOf(route), problemResponse),
      default: problemResponse('Any other problem.'),
    },
  };
}

/** In OpenAPI 3.1 a media type without a schema is any content of that type. */
function rawRequestBody({ contentTypes, maxBytes }: RawBody): OpenApiNode {
  return {
    description: `The document itself. At most ${maxBytes} bytes.`,
    required: true,
    content: Object.fromEntries(contentTypes.map((type) => [type, {}])),
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

/** The problems the HTTP layer brings to a route, and over them the route's own. */
function problemsOf(route: Route): Readonly<Record<number, string>> {
  return {
    400: 'The request is malformed or breaks a rule that needs no state.',
    ...((route.body || route.rawBody) && { 413: 'The body is too large.' }),
    ...(route.body && { 415: 'The body is not UTF-8 JSON by its headers.' }),
    ...(route.command && {
      412: 'The stream is not at the version `If-Match` names.',
      422: 'The idempotency key was used before for another command.',
    }),
    503: 'Busy or out of reach. Repeat after `Retry-After` seconds.',
    ...route.problems,
  };
}

function problemResponse(description: string): OpenApiNode {
  return { description, content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } } };
}

/** Renders zod schemas, moving named ones to the document's components, where OpenAPI looks for them. */
function componentSchemas(schemas: Record<string, unknown>): SchemaOf {
  return (schema, io) => {
    const rendered = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    const { $schema: _, $defs = {}, ...root } = moveRefs(rendered) as OpenApiNode & { $defs?: OpenApiNode };
    for (const [id, definition] of Object.entries($defs)) {
      if (JSON.stringify(schemas[id] ?? definition) !== JSON.stringify(definition)) {
        throw new Error(`Two schemas have the id ${id}, or one reads differently as input and as output`);
      }
      schemas[id] = definition;
    }
    return root;
  };
}

function moveRefs(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(moveRefs);
  if (typeof node !== 'object' || node === null) return node;
  return mapValues(node as OpenApiNode, (value, key) =>
    key === '$ref' && typeof value === 'string'
      ? value.replace('#/$defs/', '#/components/schemas/')
      : moveRefs(value),
  );
}

function jsonContent(schema: OpenApiNode): OpenApiNode {
  return { 'application/json': { schema } };
}

function ref(kind: 'schemas' | 'parameters', name: string): OpenApiNode {
  return { $ref: `#/components/${kind}/${name}` };
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => unknown,
) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
