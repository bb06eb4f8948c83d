import { UserError } from '../../tools/host/user-error.ts';

/** One action on one resource, without wildcards: what a call needs. */
export interface Permission {
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** The stream that an item of the log belongs to: IAM's `dynamodb:LeadingKeys` of a call on one item. */
  readonly leadingKey?: string;
}

/** One action on one resource as a policy allows it. All fields may contain the wildcards `*` and `?`. */
export type Grant = Permission;

const knownElements = ['Action', 'Condition', 'Effect', 'Resource', 'Sid'];

/**
 * What a policy document of a role allows: each action of a statement on each of its resources, and for each
 * of its leading keys. @throws {UserError} for other conditions, denials and exceptions, which are not supported.
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
    const leadingKeys = leadingKeysOf(elements['Condition']);
    return textsOf(elements, 'Action').flatMap((action) =>
      resources.flatMap((resource) =>
        leadingKeys === undefined
          ? [{ action, resource }]
          : leadingKeys.map((leadingKey) => ({ action, resource, leadingKey })),
      ),
    );
  });
}

/** Whether a grant covers a permission. Case matters in resources and keys, not in actions. */
export function covers(grant: Grant, { action, resource, leadingKey }: Permission): boolean {
  return (
    matcher(grant.action, 'i').test(action) &&
    matcher(grant.resource, '').test(resource) &&
    (grant.leadingKey === undefined ||
      (leadingKey !== undefined && matcher(grant.leadingKey, '').test(leadingKey)))
  );
}

const keyCondition = 'dynamodb:LeadingKeys';

/**
 * The patterns of a condition that all leading keys are like one of them, and that there are some. A call on one item has one
 * key, so each pattern is a grant of its own. Undefined without a condition.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function leadingKeysOf(condition: unknown): string[] | undefined {
  if (condition === undefined) return undefined;
  const { 'ForAllValues:StringLike': like, Null: none, ...others } = condition as Condition;
  const { [keyCondition]: patterns, ...otherKeys } = like ?? {};
  const hasSome = JSON.stringify(none) === JSON.stringify({ [keyCondition]: 'false' });
  if (patterns === undefined || !hasSome || Object.keys({ ...others, ...otherKeys }).length > 0) {
    throw notUnderstood(`the Condition ${JSON.stringify(condition)}`);
  }
  return textsOf({ [keyCondition]: patterns }, keyCondition);
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

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
