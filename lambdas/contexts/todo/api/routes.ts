import * as z from 'zod';
import type { Cursors } from '../../../http/cursor.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import {
  type KeyedLine,
  type KeyRange,
  keysWithPrefix,
  type ReadModel,
  streamPattern,
} from '../../../kernel/index.ts';
import { placeOf, type TodoItem } from '../read-model/item.ts';
import type { TodoRow } from '../read-model/projection.ts';
import { todoKinds } from '../rules.ts';
import { contextSchema, kindSchema, statusSchema, summarySchema, todoSchema, todoView } from './answers.ts';

export interface TodoDependencies {
  readonly readModel: Pick<ReadModel<TodoRow, TodoItem>, 'lines' | 'listLines' | 'count'>;
  readonly cursors: Cursors;
}

/** Items that one page may look at: a rare match is found in several requests rather than in one without end. */
const scannedMaxItems = 1_000;
const scanPageItems = 100;
/** The summary counts the items of a kind up to here. */
const countMax = 1_000;

const listQuery = z.object({
  ...pageQuery,
  status: statusSchema.optional(),
  context: contextSchema.optional(),
  kind: kindSchema.optional(),
  subject: z
    .string()
    .regex(streamPattern, 'A subject is a stream: ledger/7f3c.')
    .optional()
    .meta({ description: 'The stream that the items are about.', examples: ['dispense/7f3c'] }),
});

type Filters = Pick<z.output<typeof listQuery>, 'status' | 'context' | 'kind' | 'subject'>;

/** The routes of TODO: open work, what has become of it, and how much there is. */
export function todoRoutes(dependencies: TodoDependencies): Route[] {
  return [listTodos(dependencies), summarizeTodos(dependencies), getTodo(dependencies)];
}

function listTodos({ readModel, cursors }: TodoDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['todo'],
    path: '/todos',
    operationId: 'listTodos',
    summary: 'Work that people and automations have to do, or had, oldest first',
    description:
      'Eventually consistent. A page may hold fewer items than asked for, even none, and still have a next one: ' +
      'filters skip many.',
    query: listQuery,
    answers: { 200: { description: 'A page of items.', schema: pageOf(todoSchema) } },
    handle: async ({ query: { limit, cursor, ...filters } }) => {
      const { status, context, kind, subject } = filters;
      const scope = `/todos?${JSON.stringify([status, context, kind, subject])}`;
      const after = positionOf(cursors, scope, cursor);
      const { items, next } = await findItems(pages(readModel, filters), filters, { after, limit });
      return {
        status: 200 as const,
        body: {
          items: items.map(todoView),
          ...(next !== undefined && { next: cursors.encode(scope, next) }),
        },
      };
    },
  });
}

function summarizeTodos({ readModel }: TodoDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['todo'],
    path: '/todos/summary',
    operationId: 'summarizeTodos',
    summary: 'How much open work there is, by context and kind',
    answers: { 200: { description: `Counts, each up to ${countMax}.`, schema: summarySchema } },
    handle: async () => {
      const open = todoKinds.map(async ({ context, kind }) => {
        // One more than is told says whether there are more.
        const found = await readModel.count('byKind', keysWithPrefix(`open#${kind}#`), countMax + 1);
        return { context, kind, count: Math.min(found, countMax), isMore: found > countMax };
      });
      return { status: 200 as const, body: { open: await Promise.all(open) } };
    },
  });
}

function getTodo({ readModel }: TodoDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['todo'],
    path: '/todos/{id}',
    operationId: 'getTodo',
    summary: 'An item: since when, about what, which event opened and which closed it',
    params: z.object({ id: z.string().min(1).max(200) }),
    answers: { 200: { description: 'The item.', schema: todoSchema } },
    problems: { 404: 'There is no item with this id.' },
    handle: async ({ params: { id } }) => {
      const place = placeOf(id);
      const { lines } = place
        ? await readModel.lines(place.subject, {
            from: place.lineKey,
            to: place.lineKey,
            order: 'ascending',
            limit: 1,
          })
        : { lines: [] };
      const [line] = lines;
      if (line === undefined) {
        const detail = 'There is no item with this id, or it has not reached the read model yet.';
        throw rejectionProblem({ kind: 'not-found', code: 'todo/not-found', detail });
      }
      return { status: 200 as const, body: todoView(line.line) };
    },
  });
}

interface Position {
  readonly item: TodoItem;
  /** Of the item in the list. */
  readonly key: string;
}

/** Reads a page of the list that has all the items wanted, and as few others as it can. */
type ReadPage = (after: string | undefined) => Promise<{ positions: Position[]; next: string | undefined }>;

function pages(readModel: TodoDependencies['readModel'], filters: Filters): ReadPage {
  const { subject } = filters;
  if (subject !== undefined) {
    return async (after) => {
      const range = { after, order: 'ascending', limit: scanPageItems } as const;
      const { lines, hasMore } = await readModel.lines(subject, range);
      const positions = lines.map(({ key, line }: KeyedLine<TodoItem>) => ({ item: line, key }));
      return { positions, next: hasMore ? positions.at(-1)?.key : undefined };
    };
  }
  const [list, range] = listRange(filters);
  return async (after) => {
    const { lines, next } = await readModel.listLines(list, { ...range, after, limit: scanPageItems });
    return { positions: lines.map(({ line, listKey }) => ({ item: line, key: listKey })), next };
  };
}

function listRange({ status, kind }: Filters): [list: string, range: Omit<KeyRange, 'limit'>] {
  if (status === undefined) return ['byOpening', {}];
  return kind === undefined
    ? ['byStatus', keysWithPrefix(`${status}#`)]
    : ['byKind', keysWithPrefix(`${status}#${kind}#`)];
}

/** Reads on until the page is full, the list ends, or enough items have been looked at. */
async function findItems(
  readPage: ReadPage,
  filters: Filters,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<{ items: TodoItem[]; next?: string }> {
  const items: TodoItem[] = [];
  let { after } = page;
  for (let scanned = 0; scanned < scannedMaxItems; scanned += scanPageItems) {
    const { positions, next } = await readPage(after);
    for (const { item, key } of positions) {
      if (items.length === page.limit) return { items, ...(after !== undefined && { next: after }) };
      if (matches(item, filters)) items.push(item);
      after = key;
    }
    if (next === undefined) return { items };
    after = next;
  }
  return { items, ...(after !== undefined && { next: after }) };
}

/** The index may lag behind the item that it leads to: the item itself is asked. */
function matches(item: TodoItem, { status, context, kind, subject }: Filters): boolean {
  return (
    (status === undefined || item.status === status) &&
    (context === undefined || item.context === context) &&
    (kind === undefined || item.kind === kind) &&
    (subject === undefined || item.subject === subject)
  );
}
