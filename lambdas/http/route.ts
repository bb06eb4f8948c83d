import * as z from 'zod';
import { type BodyScope, requireScope } from './access.ts';
import { readJsonBody, readRawBody } from './body.ts';
import { parseIfMatch, requireMatch } from './conditions.ts';
import type { Answer, HttpRequest, RawRequest } from './messages.ts';
import type { AnswerOf, AnswerSpecs, RawBody, RouteInfo, RouteSpec } from './route-spec.ts';
import { fieldNames, parseBody, parseParams, parseQuery, strictly, takesPersonalData } from './validation.ts';

export type { HttpRequest, RequestHeaders } from './messages.ts';
export type { AnswerOf, AnswerSpec, RawBody, RouteInfo } from './route-spec.ts';

/** A route as the API handler and the OpenAPI document use it. `invoke` includes the validation. */
export interface Route extends RouteInfo {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly rawBody?: RawBody | undefined;
  readonly bodyRequired: boolean;
  readonly bodyScopes?: readonly Pick<BodyScope<unknown>, 'scope' | 'purpose'>[];
  readonly answers: AnswerSpecs;
  /** Validates and handles a request. Rejects with `HttpProblem` for bad input. */
  readonly invoke: (raw: RawRequest) => Promise<Answer>;
}

const defaultBodyBytesMax = 1024 * 1024;
const noFields = z.strictObject({});
const parameterPattern = /\{([^}]*)\}/g;

/**
 * Declares a route. Its schemas validate, type and document it. Throws if path and `params` have different parameters, and
 * for a route with both `body` and `rawBody`.
 */
export function defineRoute<
  const Answers extends AnswerSpecs,
  Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
  const Given extends AnswerOf<Answers> = AnswerOf<Answers>,
  const Raw extends RawBody | undefined = undefined,
>(spec: RouteSpec<Params, Query, Body, Answers, Given, Raw>): Route {
  requireSameParameters(spec.path, spec.params ?? noFields);
  if (spec.body && spec.rawBody) throw new Error(`Route ${spec.path} has both body and rawBody`);
  const params = spec.params && strictly(spec.params);
  const query = strictly(spec.query ?? noFields);
  const body = spec.body && strictly(spec.body);
  const { rawBody } = spec;
  const bodyRequired = rawBody !== undefined || (body !== undefined && !body.safeParse(undefined).success);
  const bodyOptions = {
    maxBytes: spec.maxBodyBytes ?? defaultBodyBytesMax,
    required: bodyRequired,
    isPersonal: () => body !== undefined && takesPersonalData(body),
    isFieldName: (name: string) => body !== undefined && fieldNames(body).has(name),
  };

  const readBody = (raw: RawRequest): unknown =>
    rawBody
      ? readRawBody(raw.headers, raw.body, rawBody)
      : body && parseBody(body, readJsonBody(raw.headers, raw.body, bodyOptions));
  const read = (raw: RawRequest): HttpRequest => ({
    params: params ? parseParams(params, raw.params, spec.invalidParams) : {},
    query: parseQuery(query, raw.rawQuery),
    body: readBody(raw),
    headers: raw.headers,
    context: raw.context,
  });
  return {
    ...spec,
    query,
    ...(params && { params }),
    ...(body && { body }),
    bodyRequired,
    invoke: async (raw) => {
      // The handler's types are derived from the schemas that `read` uses.
      const request = read(raw) as Parameters<typeof spec.handle>[0];
      raw.onValid?.(request);
      for (const { scope, needed } of spec.bodyScopes ?? []) {
        if (needed(request.body)) requireScope(raw.context.principal, scope);
      }
      if (spec.method !== 'GET') return await spec.handle(request);
      const ifMatch = parseIfMatch(raw.headers);
      const answer: Answer = await spec.handle(request);
      requireMatch(ifMatch, answer.headers?.['etag']);
      return answer;
    },
  };
}

function requireSameParameters(path: string, params: z.ZodObject): void {
  const inPath = [...path.matchAll(parameterPattern)].map(([, name]) => name).toSorted();
  const declared = Object.keys(params.shape).toSorted();
  if (inPath.join() !== declared.join()) {
    throw new Error(
      `Route ${path} names {${inPath.join('}, {')}} but declares params: ${declared.join(', ')}`,
    );
  }
}
