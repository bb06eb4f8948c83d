import { hasScope, requireScope } from '../../../http/access.ts';
import type { Answer, RawRequest } from '../../../http/messages.ts';
import { problem } from '../../../http/problem.ts';
import { notFound } from '../../../http/resource.ts';
import type { AnswerSpec, Route } from '../../../http/route.ts';
import { isActor } from '../../../http/same-caller.ts';
import {
  aggregateIdPattern,
  type EventLog,
  isEventSourcingError,
  streamName,
} from '../../../kernel/index.ts';
import { accounts } from './answers.ts';

/** Lets a caller use the accounts of all owners. On a stage whose accounts have no owners, every caller has it. */
const anyAccount = 'ledger:any';

/** Owners that are kept in memory: an owner never changes. */
const cachedMax = 10_000;

/** Headers that would tell something about the account. */
const tellingHeaders = ['etag', 'location'];

/**
 * Makes accounts private to their owners: the actors of their first commits. Callers with `ledger:any` are not asked.
 *
 * - An account of another owner is answered like one that does not exist: 404, so nobody learns which ids exist.
 * - Everyone may pay into an account. For a caller who is not its owner, the answer of a credit is empty.
 * - The list of all accounts needs `ledger:any`.
 *
 * The owner is read from the log. An account that has none (opened where nobody was asked) is for callers with `ledger:any`.
 */
export function ownedRoutes(log: Pick<EventLog, 'readCommit'>, routes: readonly Route[]): Route[] {
  const actorOf = cached(async (id) => (await log.readCommit(streamName(accounts.category, id), 1))?.actor);
  const owns = async ({ params, context: { principal } }: RawRequest) =>
    principal !== undefined && isActor(principal, await actorOf(params['id'] ?? '', principal.tenant));
  return routes.map((route) => {
    const rule = ruleOf(route);
    if (rule === 'anyone') return route;
    const { note, guard } = rules[rule];
    return {
      ...route,
      description: [...(route.description ? [route.description] : []), note].join(' '),
      answers: rule === 'payer' ? { ...route.answers, 204: paidIn(route) } : route.answers,
      invoke: async (raw) => {
        if (hasScope(raw.context.principal, anyAccount)) return await route.invoke(raw);
        return await guard(raw, route.invoke, owns);
      },
    };
  });
}

type Rule = keyof typeof rules | 'anyone';

/** A new route gets the strictest rule that fits. */
function ruleOf({ operationId, method, path }: Route): Rule {
  if (operationId === 'creditAccount') return 'payer';
  if (path.includes('{id}')) return 'owner';
  return method === 'POST' ? 'anyone' : 'staff';
}

type Guard = (
  raw: RawRequest,
  invoke: Route['invoke'],
  owns: (raw: RawRequest) => Promise<boolean>,
) => Promise<Answer>;

const forOwner: Guard = async (raw, invoke, owns) => {
  const { id = '' } = raw.params;
  // The route itself refuses a malformed id.
  if (aggregateIdPattern.test(id) && !(await owns(raw))) throw notFound(accounts);
  return await invoke(raw);
};

const forPayer: Guard = async (raw, invoke, owns) => {
  // Conditions would tell the account's version.
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = raw.headers;
  if (ifMatch !== undefined || (ifNoneMatch ?? '*') !== '*') return await forOwner(raw, invoke, owns);
  const answer = await invoke(raw).catch(async (error: unknown) => {
    // The error of a condition has the version of the account. The caller of `If-None-Match: *` learns only that it exists.
    if (isEventSourcingError(error, 'version-mismatch') && !(await owns(raw))) throw notNew(error);
    throw error;
  });
  // Asked after the credit, because it may have opened the account.
  if (await owns(raw)) return answer;
  const { headers, commits = false } = answer;
  return { status: 204, headers: untelling(headers), commits };
};

function notNew(cause: unknown) {
  return problem('version-mismatch', 'The account exists, so `If-None-Match: *` does not accept it.', {
    cause,
  });
}

/** The answer to a caller who pays into an account of another owner. */
function paidIn({ answers }: Route): AnswerSpec {
  const description = 'Done. The account belongs to another caller, so the answer shows nothing of it.';
  return { description, headers: untelling(answers[200]?.headers) };
}

function untelling(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !tellingHeaders.includes(name)));
}

const forStaff: Guard = async (raw, invoke) => {
  requireScope(raw.context.principal, anyAccount);
  return await invoke(raw);
};

const rules = {
  owner: {
    note: 'Where accounts have owners, an account of another owner needs `ledger:any`; without it, the answer is 404.',
    guard: forOwner,
  },
  payer: {
    note: 'Where accounts have owners, everyone may credit an account; for others than the owner the answer is empty, and `If-Match` is 404.',
    guard: forPayer,
  },
  staff: { note: 'Where accounts have owners, it needs `ledger:any`.', guard: forStaff },
} as const;

/** Remembers what `find` has found for an id of a tenant, up to {@link cachedMax} values; the oldest is forgotten first. */
function cached(find: (id: string) => Promise<string | undefined>) {
  const known = new Map<string, string>();
  return async (id: string, tenant: string): Promise<string | undefined> => {
    const key = `${tenant}/${id}`;
    const value = known.get(key) ?? (await find(id));
    if (value === undefined || known.has(key)) return value;
    const [oldest] = known.keys();
    if (known.size >= cachedMax && oldest !== undefined) known.delete(oldest);
    known.set(key, value);
    return value;
  };
}
