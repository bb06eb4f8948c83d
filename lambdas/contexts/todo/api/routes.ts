import * as z from 'zod';
import type { ListOf } from '../../../../schema/contexts.ts';
import type { Cursors } from '../../../http/cursor.ts';
import { pageRoute } from '../../../http/page-route.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { dividedCursors, dividedRows } from '../../../http/request-tenant.ts';
import { scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import type { Visibility } from '../../../http/visibility.ts';
import { keysWithPrefix, plainStreamPattern, type RowQueries } from '../../../kernel/index.ts';
import { kindsOf, type TodoRules } from '../../todo-rule.ts';
import { placeOf, type TodoItem } from '../read-model/item.ts';
import { type TodoRow, todoLists } from '../read-model/projection.ts';
import { todoAnswers } from './answers.ts';
import { findItems } from './find-items.ts';

/** What the routes of TODO need, of all tenants: the routes divide it. */
export interface TodoSide {
  readonly readModel: RowQueries<TodoRow, TodoItem, ListOf<'todo'>>;
  readonly cursors: Cursors;
  readonly rules: readonly TodoRules[];
  /** Items about streams that a caller may not see are as if they did not exist. */
  readonly visibility: Visibility;
}

/** The summary counts the items of a kind up to this number. */
const countMax = 1_000;

/** The routes of TODO: items, and the number of open items. */
export function todoRoutes({ readModel, cursors, ...others }: TodoSide): Route[] {
  const side = {
    ...others,
    readModel: dividedRows(readModel, todoLists),
    cursors: dividedCursors(cursors),
  };
  return [listTodos(side), summarizeTodos(side), getTodo(side)];
}

function listTodos({ readModel, cursors, rules, visibility }: TodoSide): Route {
  const { itemSchema, statusSchema, contextSchema, kindSchema } = todoAnswers(rules);
  return pageRoute(cursors, {
    tag: 'todo',
    path: '/todos',
    reads: {
      request: ({ query }) => {
        const { subject } = query as { readonly subject?: string };
        return subject === undefined ? [] : [subject];
      },
      answer: (body) => (body as { readonly items: readonly TodoItem[] }).items.map(({ subject }) => subject),
    },
    operationId: 'listTodos',
    summary: 'Work of people and automations, open and closed, oldest first',
    description:
      'Eventually consistent. `status`, `status` with `kind`, and `subject` read only matches. Other filters skip items: a page reads ' +
      'at most about 1,100, and may have fewer than `limit` items, possibly none, although there is a next page. Where accounts have owners, ' +
      'callers without `ledger:any` get items about accounts only with `subject`, and only about their own.',
    query: {
      status: statusSchema.optional(),
      context: contextSchema.optional(),
      kind: kindSchema.optional(),
      subject: z
        .string()
        .regex(plainStreamPattern, 'A subject is a stream, such as "ledger/7f3c".')
        .optional()
        .meta({ description: 'The stream that the items are about.', examples: ['dispense/7f3c'] }),
    },
    schema: itemSchema,
    nouns: 'items',
    read: async ({ query, context: { principal } }, position) => {
      const { subject } = query;
      const isShown = async () => subject === undefined || (await visibility.sees(principal, subject));
      // To ask about the stream of each item would cost a read for each.
      const mayShow = ({ context }: TodoItem) =>
        subject !== undefined || visibility.seesAll(principal, context);
      return (await isShown()) ? await findItems(readModel, query, position, mayShow) : { items: [] };
    },
  });
}

function summarizeTodos({ readModel, rules }: TodoSide): Route {
  return defineRoute({
    method: 'GET',
    tags: ['todo'],
    access: scopesOf('todo').read,
    // It shows numbers only.
    reads: 'nothing',
    path: '/todos/summary',
    operationId: 'summarizeTodos',
    summary: 'Number of open items by context and kind',
    answers: {
      200: { description: `Counts, each up to ${countMax}.`, schema: todoAnswers(rules).summarySchema },
    },
    handle: async () => {
      const open = kindsOf(rules).map(async ({ category, kind }) => {
        // One more than the maximum, to find out whether there are more.
        const found = await readModel.count('byKind', keysWithPrefix(`open#${kind}#`), countMax + 1);
        return { context: category, kind, count: Math.min(found, countMax), isMore: found > countMax };
      });
      return { status: 200 as const, body: { open: await Promise.all(open) } };
    },
  });
}

function getTodo({ readModel, rules, visibility }: TodoSide): Route {
  return defineRoute({
    method: 'GET',
    tags: ['todo'],
    access: scopesOf('todo').read,
    reads: {
      path: ({ id = '' }) => {
        const place = placeOf(id);
        return place === undefined ? [] : [place.subject];
      },
    },
    path: '/todos/{id}',
    operationId: 'getTodo',
    summary: 'An item: its subject, and the events that opened and closed it',
    description:
      'Where accounts have owners, an item about an account of another owner needs `ledger:any`; without it, the answer is 404.',
    params: z.object({ id: z.string().min(1).max(200) }),
    answers: { 200: { description: 'The item.', schema: todoAnswers(rules).itemSchema } },
    problems: { 404: 'There is no item with this id.' },
    handle: async ({ params: { id }, context: { principal } }) => {
      const place = placeOf(id);
      if (place === undefined || !(await visibility.sees(principal, place.subject))) throw itemNotFound();
      const { subject, lineKey } = place;
      const range = { from: lineKey, to: lineKey, order: 'ascending', limit: 1 } as const;
      const [found] = (await readModel.lines(subject, range)).lines;
      if (found === undefined) throw itemNotFound();
      return { status: 200 as const, body: found.line };
    },
  });
}

function itemNotFound() {
  const detail = 'There is no item with this id, or it has not reached the read model yet.';
  return rejectionProblem({ kind: 'not-found', code: 'todo/not-found', detail });
}
