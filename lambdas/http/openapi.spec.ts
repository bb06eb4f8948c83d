import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument, openApiRoute } from './openapi.ts';
import { pageOf, pageQuery } from './pagination.ts';
import { defineRoute, type Route } from './route.ts';
import { testApi } from './testing.ts';

const money = z
  .string()
  .regex(/^\d+\.\d\d$/)
  .meta({ id: 'Money', description: 'A decimal.' });
const account = z.strictObject({ id: z.uuid(), balance: money }).meta({ id: 'Account' });
const id = z.object({ id: z.uuid().meta({ description: 'The account.' }) });

const routes = [
  defineRoute({
    method: 'POST',
    path: '/accounts/{id}/credits',
    access: 'any-caller',
    operationId: 'credit',
    summary: 'Credit',
    tags: ['accounts'],
    command: true,
    params: id,
    body: z.object({ amount: money }),
    answers: { 200: { description: 'Credited.', schema: account, headers: { etag: 'The version.' } } },
    problems: { 409: 'The account is closed.' },
    handle: ({ params, body }) => ({ status: 200, body: { id: params.id, balance: body.amount } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/accounts',
    access: 'any-caller',
    operationId: 'list',
    summary: 'List',
    query: z.object({ ...pageQuery, owner: z.string() }),
    answers: {
      200: { description: 'A page.', schema: pageOf(account) },
      304: { description: 'Not modified.' },
    },
    handle: () => ({ status: 304 }),
  }),
  defineRoute({
    method: 'POST',
    path: '/accounts',
    access: 'any-caller',
    operationId: 'open',
    summary: 'Open',
    body: z.object({ owner: z.string().optional() }).optional(),
    answers: { 201: { description: 'Opened.', schema: account } },
    handle: () => ({ status: 201, body: { id: 'a', balance: '0.00' } }),
  }),
];
const info = { title: 'Test', version: '1.0.0', authentication: 'jwt' } as const;

type Document = Record<string, unknown>;
interface Operation {
  operationId: string;
  parameters?: { name?: string; in?: string; required?: boolean; schema?: unknown; $ref?: string }[];
  requestBody?: { required: boolean; content: Document };
  responses: Record<string, { description: string; content?: Document }>;
}

async function served(list: readonly Route[] = routes): Promise<Document> {
  const { status, body } = await testApi([...list, openApiRoute(info, list)])('GET', '/openapi.json');
  expect(status).toBe(200);
  return body as Document;
}

function operationsOf(document: Document): [string, string, Operation][] {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      path,
      method,
      operation,
    ]),
  );
}

function* nodesOf(node: unknown): Generator<Document> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield node as Document;
  for (const child of Object.values(node)) yield* nodesOf(child);
}

describe('the OpenAPI document', () => {
  it('is served, and has every route, including its own', async () => {
    const document = await served();
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Test', version: '1.0.0' } });
    expect(
      operationsOf(document)
        .map(([path, method]) => `${method} ${path}`)
        .toSorted(),
    ).toEqual(['get /accounts', 'get /openapi.json', 'post /accounts', 'post /accounts/{id}/credits']);
  });

  it('has no reference without a target', async () => {
    const document = await served();
    const refs = [...nodesOf(document)].map((node) => node['$ref']).filter((ref) => ref !== undefined);
    expect(refs.length).toBeGreaterThan(5);
    for (const ref of refs) {
      const keys = String(ref).replace(/^#\//, '').split('/');
      const target = keys.reduce<unknown>((node, key) => (node as Document | undefined)?.[key], document);
      expect([ref, target]).toEqual([ref, expect.any(Object)]);
    }
    expect([...nodesOf(document)].filter((node) => '$defs' in node || '$schema' in node)).toEqual([]);
  });

  it('declares exactly the parameters of a path, as required', async () => {
    for (const [path, , { parameters = [] }] of operationsOf(await served())) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{[^}]+\}/g) ?? []);
      expect(inPath.every(({ required, schema }) => required === true && schema !== undefined)).toBe(true);
    }
  });

  it('gives each operation a unique name and each response a description', async () => {
    const operations = operationsOf(await served()).map(([, , operation]) => operation);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { responses } of operations) {
      for (const [status, { description }] of Object.entries(responses)) {
        expect(status).toMatch(/^[1-5]\d\d$|^default$/);
        expect(description).not.toBe('');
      }
    }
  });

  it('has the problems of a command and the headers that it supports', async () => {
    const credit = operationsOf(await served()).find(
      ([, , { operationId }]) => operationId === 'credit',
    )?.[2];
    expect(Object.keys(credit?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '409',
      '412',
      '413',
      '415',
      '422',
      '503',
      'default',
    ]);
    expect(credit?.responses['409']).toEqual({
      description: 'The account is closed.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
    expect(credit?.parameters?.map(({ $ref }) => $ref)).toEqual([
      undefined,
      '#/components/parameters/IdempotencyKey',
      '#/components/parameters/IfMatch',
      '#/components/parameters/IfNoneMatch',
    ]);
  });

  it('has the preconditions of a route whose answer has an ETag', async () => {
    const read = defineRoute({
      method: 'GET',
      path: '/photo',
      access: 'any-caller',
      operationId: 'read',
      summary: 'Read',
      answers: { 200: { description: 'A photo.', schema: account, headers: { etag: 'Its version.' } } },
      handle: () => ({ status: 200, body: { id: 'a', balance: '0.00' } }),
    });
    const [[, , operation] = []] = operationsOf(await served([read]));
    expect(operation?.parameters?.map(({ $ref }) => $ref)).toEqual([
      '#/components/parameters/ReadIfMatch',
      '#/components/parameters/ReadIfNoneMatch',
    ]);
    expect(operation?.responses).toHaveProperty('412');
  });

  it('marks required bodies and parameters', async () => {
    const byId = new Map(
      operationsOf(await served()).map(([, , operation]) => [operation.operationId, operation]),
    );
    expect(byId.get('credit')?.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { amount: { $ref: '#/components/schemas/Money' } },
            required: ['amount'],
            additionalProperties: false,
          },
        },
      },
    });
    expect(byId.get('open')?.requestBody?.required).toBe(false);
    expect(byId.get('list')?.parameters?.map(({ name, required }) => [name, required])).toEqual([
      ['limit', false],
      ['cursor', false],
      ['owner', true],
    ]);
    expect(byId.get('list')).not.toHaveProperty('requestBody');
  });

  it('shows the types and the maximum size of a raw body', async () => {
    const upload = defineRoute({
      method: 'PUT',
      path: '/photo',
      access: 'any-caller',
      operationId: 'upload',
      summary: 'Upload',
      rawBody: { contentTypes: ['image/png', 'text/plain'], maxBytes: 4_096 },
      answers: { 204: { description: 'Uploaded.' } },
      handle: () => ({ status: 204 }),
    });
    const [[, , operation] = []] = operationsOf(await served([upload]));
    expect(operation?.requestBody).toEqual({
      description: expect.stringContaining('4096'),
      required: true,
      content: { 'image/png': {}, 'text/plain': {}, 'application/octet-stream': {} },
    });
    expect(operation?.responses).toHaveProperty('413');
    expect(operation?.responses).toHaveProperty('415');
  });

  it('refuses two schemas with the same id', () => {
    const other = defineRoute({
      method: 'GET',
      path: '/other',
      access: 'any-caller',
      operationId: 'other',
      summary: 'Other',
      answers: { 200: { description: 'Other.', schema: z.object({ a: z.number().meta({ id: 'Money' }) }) } },
      handle: () => ({ status: 200, body: { a: 1 } }),
    });
    expect(() => openApiDocument(info, [...routes, other])).toThrow(/Money/);
  });

  it.each([
    ['jwt', 'open', []],
    ['jwt', 'any-caller', [{ token: [] }]],
    ['jwt', 'ledger:read', [{ token: ['ledger:read'] }]],
    ['iam', 'ledger:read', [{ signature: ['ledger:read'] }]],
    ['none', 'ledger:read', [{ token: ['ledger:read'] }, {}]],
    ['none', 'open', []],
  ] as const)('of a stage with %s says what a route for %s needs', (authentication, access, security) => {
    const read = defineRoute({
      method: 'GET',
      path: '/read',
      access,
      operationId: 'read',
      summary: 'Read',
      answers: { 200: { description: 'Done.' } },
      handle: () => ({ status: 200 }),
    });
    const document = openApiDocument({ ...info, authentication }, [read]);
    const [[, , operation] = []] = operationsOf(document as Document);
    expect(operation).toMatchObject({ security });
    expect(document).toMatchObject({
      components: { securitySchemes: { token: { scheme: 'bearer' }, signature: {} } },
    });
  });

  it('names the scopes that only some bodies need', () => {
    const [account] = routes;
    if (account === undefined) throw new Error('There is no route.');
    const bodyScopes = [{ scope: 'ledger:overdraft', purpose: 'to set a limit' }] as const;
    const document = openApiDocument(info, [{ ...account, bodyScopes }]);
    expect(JSON.stringify(document)).toContain('The scope `ledger:overdraft` is also needed to set a limit.');
  });
});
