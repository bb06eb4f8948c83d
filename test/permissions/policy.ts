import { UserError } from '../../tools/host/user-error.ts';

/** One action on one resource, without wildcards: what a call needs. */
export interface Permission {
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
}

/** One action on one resource as a policy allows it. Both may contain the wildcards `*` and `?`. */
export type Grant = Permission;

const knownElements = ['Action', 'Effect', 'Resource', 'Sid'];

/**
 * What a policy document of a role allows: each action of a statement on each of its resources.
 * @throws {UserError} for conditions, denials and exceptions, which are not supported.
 */
export function grantsIn(document: unknown): Grant[] {
  const statements = (document as { Statement?: unknown } | undefined)?.Statement;
  return listOf(statements).flatMap((statement) => {
    const elements = (statement ?? {}) as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(elements).find((name) => !knownElements.includes(name));
    if (unknown !== undefined) throw notUnderstood(`"${unknown}"`);
    if (elements['Effect'] !== 'Allow')
      throw notUnderstood(`the effect ${JSON.stringify(elements['Effect'])}`);
    const resources = textsOf(elements, 'Resource');
    return textsOf(elements, 'Action').flatMap((action) =>
      resources.map((resource) => ({ action, resource })),
    );
  });
}

/** Whether a grant covers a permission. Case matters in resources, not in actions. */
export function covers(grant: Grant, { action, resource }: Permission): boolean {
  return matcher(grant.action, 'i').test(action) && matcher(grant.resource, '').test(resource);
}

const matchers = new Map<string, RegExp>();

function matcher(pattern: string, flags: '' | 'i'): RegExp {
  const key = `${flags} ${pattern}`;
  let found = matchers.get(key);
  if (found === undefined) {
    const literal = pattern.replace(/[$()+.[\\\]^{|}]/g, '\\$&');
    const source = literal.replaceAll('*', '.*').replaceAll('?', '.');
    found = new RegExp(`^${source}$`, `${flags}s`);
    matchers.set(key, found);
  }
  return found;
}

function textsOf(elements: Readonly<Record<string, unknown>>, name: string): string[] {
  const values = listOf(elements[name]);
  if (values.length === 0 || !values.every((value) => typeof value === 'string')) {
    throw notUnderstood(`the ${name} ${JSON.stringify(elements[name])}`);
  }
  return values;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function notUnderstood(what: string): UserError {
  return new UserError(
    `A policy of a function's role has ${what}, which the gate does not support: add it to test/permissions/policy.ts.`,
  );
}
