import type { HttpClient } from './http-client.ts';

/** An operation of the OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  /** The context, for operations of contexts. */
  readonly tag: string;
  /** The scope that it needs. `none`: every caller may use it. `open`: nobody is asked. */
  readonly needs: string;
}

interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly { readonly token?: readonly string[] }[];
}

/** All operations of the OpenAPI document, in its order. Throws if one has several ways to authenticate. */
export async function readOperations(
  call: HttpClient,
  headers: Readonly<Record<string, string>>,
): Promise<Operation[]> {
  const { body } = await call('GET', '/openapi.json', undefined, headers);
  const paths = body['paths'] as Readonly<Record<string, Readonly<Record<string, Described>>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, tags, security }]) => {
      const [required, ...more] = security;
      if (more.length > 0) throw new Error(`${method} ${path} has several ways to authenticate.`);
      const needs = required === undefined ? 'open' : (required.token?.join() ?? '') || 'none';
      return { method: method.toUpperCase(), path, operationId, tag: tags[0] ?? '', needs };
    }),
  );
}
