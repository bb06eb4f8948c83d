import * as z from 'zod';

/** An OpenAPI 3.1 document, or a part of one. */
export type OpenApiNode = { readonly [key: string]: unknown };

/** Renders a schema for requests (`input`) or answers (`output`). */
export type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => OpenApiNode;

/** The headers that every command route accepts. */
export const commandHeaders = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes the command safe to repeat. A repeat with the same key gets the first answer again, with ' +
      '`Idempotency-Replayed: true`, and changes nothing. Keys belong to the caller: other callers may use the same key. ' +
      'A command that is refused, or that changes nothing, does not use its key: a repeat is decided again. ' +
      'A stream remembers the keys of its last 5,000 commands for 24 hours, and those of its last 100 commands without a time limit. ' +
      'A transfer is remembered as long as one of its two accounts remembers it.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'The command is carried out only if the stream is at this version, as in `ETag`: `"3"`. A list names several versions. ' +
      '`*`: only if the stream exists.',
    schema: { type: 'string' },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description:
      '`*`: the command is carried out only if the stream does not exist. A list of versions: only if the stream is at none ' +
      'of them. A repeat with the same `Idempotency-Key` gets its first answer in any case.',
    schema: { type: 'string' },
  },
};

/** The headers that every route accepts whose answer has an `ETag`. */
export const readHeaders = {
  ReadIfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The answer is 412 if its `ETag` is not in this list: `"3"`. `*` accepts every version.',
    schema: { type: 'string' },
  },
  ReadIfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The answer is 304, without a body, if its `ETag` is in this list or the value is `*`.',
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

/** The schema of every problem. */
export const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  properties: {
    type: { type: 'string', format: 'uri', description: 'Identifies the kind of problem. Stable.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and how to correct it.' },
    instance: {
      type: 'string',
      format: 'uri',
      description: 'This occurrence. Ends with the correlation id of the request.',
    },
    errors: { type: 'array', items: problemItemSchema },
  },
  required: ['type', 'title', 'status', 'detail', 'instance'],
};

/**
 * Renders zod schemas. Adds those with an id to `schemas`, the components of the document. Throws if two different schemas
 * have the same id.
 */
export function componentSchemas(schemas: Record<string, unknown>): SchemaOf {
  return (schema, io) => {
    const rendered = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    const { $schema: _, $defs = {}, ...root } = moveRefs(rendered) as OpenApiNode & { $defs?: OpenApiNode };
    for (const [id, definition] of Object.entries($defs)) {
      if (JSON.stringify(schemas[id] ?? definition) !== JSON.stringify(definition)) {
        throw new Error(`Two schemas have the id ${id}, or one schema differs as input and as output`);
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

/** A reference to a component. */
export function ref(kind: 'schemas' | 'parameters', name: string): OpenApiNode {
  return { $ref: `#/components/${kind}/${name}` };
}

/** A record with the same keys and each value mapped. */
export function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => unknown,
) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
