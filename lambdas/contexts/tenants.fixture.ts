import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { aggregateNames, type ContextName } from '../../schema/contexts.ts';
import { createApiHandler } from '../http/api-handler.ts';
import { createCursors } from '../http/cursor.ts';
import { erasuresOf } from '../http/erasures.ts';
import type { Route } from '../http/route.ts';
import { callerOf, noAudit, openToAll } from '../http/testing.ts';
import { visibilityOf } from '../http/visibility.ts';
import {
  CommandHandler,
  type Commit,
  CommitClock,
  categoryRows,
  Projector,
  updatesByStream,
} from '../kernel/index.ts';
import {
  MemoryBookmarks,
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemorySnapshotStore,
} from '../kernel/memory/index.ts';
import { FixedKeys, simulatedEffects } from '../kernel/testing/index.ts';
import { streamRoute } from '../system/streams.ts';
import { type AnyContext, contextModule } from './context-module.ts';
import { dispenseExport } from './dispense/api/export.ts';
import { dispenseRoutes } from './dispense/api/routes.ts';
import { dispenseContext } from './dispense/context.ts';
import { MemoryDocumentStore } from './dispense/documents/memory-document-store.ts';
import { loadContext } from './load.ts';
import { loadTodoRules } from './load-todo-rules.ts';
import { memoryPersons } from './persons.fixture.ts';
import { todoRoutes } from './todo/api/routes.ts';
import { todoLists, todoProjections } from './todo/read-model/projection.ts';

/** A log that knows all its commits. */
class WatchedLog extends MemoryEventLog {
  readonly commits: Commit[] = [];

  override async append(commits: readonly Commit[]) {
    const result = await super.append(commits);
    if (result === 'appended') this.commits.push(...commits);
    return result;
  }
}

/** Every context of the catalogue in memory, with one log, and all routes that show data of tenants. */
export async function allContexts() {
  const effects = simulatedEffects({ now: '2026-03-01T12:00:00.000Z' });
  const log = new WatchedLog();
  const parkingLot = new MemoryParkingLot();
  const keys = new FixedKeys();
  const cursors = createCursors(Buffer.alloc(32, 7));
  const rules = await loadTodoRules();
  const items = new MemoryReadModel(todoLists);
  const index = memoryPersons();
  const parts = await Promise.all(
    aggregateNames.map(async (name) => {
      const context = await inMemory(name);
      const { decider, events, answer, projection } = context;
      const sources = { log, snapshots: new MemorySnapshotStore(), snapshotThreshold: 3, effects };
      const handler = new CommandHandler({ ...sources, decider, events, answer, keys });
      const readModel = new MemoryReadModel(projection);
      const projector = new Projector({ projection, log, readModel, parkingLot, effects });
      const side = {
        handler,
        log,
        readModel,
        keys,
        commitClock: new CommitClock(effects),
        cursors,
        bookmarks: new MemoryBookmarks(),
        persons: index.persons,
        warn: () => undefined,
        env: {},
        setting: (variable: string) => variable,
      };
      const visibility = context.visibility?.(log) ?? [];
      return {
        visibility,
        name,
        category: projection.category,
        handler,
        readModel,
        projectors: [projector],
        context,
        side,
      };
    }),
  );
  const exports = parts.flatMap(({ context, side }) => context.exported?.(side) ?? []);
  const contexts = parts.map(({ context, side, ...part }) => ({
    ...part,
    routes: context.routes({ ...side, exports }),
  }));
  const todo = todoProjections(rules).map((projection) => ({
    category: projection.category,
    projectors: [
      new Projector({
        projection,
        log,
        readModel: categoryRows(items, projection.category),
        parkingLot,
        effects,
      }),
    ],
  }));
  const visibility = visibilityOf(contexts.flatMap((context) => context.visibility));
  const isErased = erasuresOf(parts.flatMap(({ context, side }) => context.erasures?.(side) ?? []));
  const routes: readonly Route[] = [
    ...contexts.flatMap((context) => context.routes),
    ...todoRoutes({ readModel: items, cursors, rules, visibility }),
    streamRoute(log, keys, cursors, visibility, isErased),
  ];
  const logger = new Logger({ logLevel: 'SILENT' });
  const call = callerOf(
    createApiHandler({ routes, logger, identify: openToAll, recordRead: noAudit, now: effects.now }),
  );
  return {
    contexts,
    routes,
    log,
    keys,
    items,
    clock: effects.clock,
    /** Adds a person whom the sample of a search finds. */
    addPerson: (tenant: string, personId: string) =>
      index.add({
        tenant,
        personId,
        found: { identifier: 'text', birthDate: samples['birthDate'] as string },
      }),
    /** Calls the API as the same subject in this tenant. */
    as:
      (tenant: string): typeof call =>
      (method, path, request) =>
        call(method, path, { ...request, actor: 'worker', tenant }),
    /** Projects the whole log. Throws if a stream is parked or fails. */
    project: async () => {
      const updates = updatesByStream(
        log.commits.map((commit) => ({ ...commit, count: commit.events.length })),
      );
      for (const { category, projectors } of [...contexts, ...todo]) {
        const own = updates.filter(({ stream }) => stream.startsWith(`${category}/`));
        const results = await Promise.all(projectors.map((projector) => projector.project(own)));
        const lost = results.flatMap(({ parked, failed }) => [...parked, ...failed]);
        if (lost.length > 0) throw new Error(`Not projected: ${lost}`);
      }
    },
  };
}

/** The context, with documents in memory. */
async function inMemory(name: ContextName): Promise<AnyContext> {
  if (name !== 'dispense') return loadContext(name);
  const documents = new MemoryDocumentStore();
  return contextModule(dispenseContext, (side) => dispenseRoutes({ ...side, documents }), {
    exported: (side) => dispenseExport({ ...side, documents }),
  });
}

/** Values of fields that no text or number of their type can replace. */
const samples: Readonly<Record<string, unknown>> = {
  currency: 'USD',
  amount: 1,
  to: 'receiver',
  deadline: '2026-03-01T13:00:00.000Z',
  birthDate: '1980-01-01',
};

/** A body that the route accepts. */
export function sampleBody({ body }: Route): unknown {
  if (body === undefined) return undefined;
  return sampleOf(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }));
}

type Schema = z.core.JSONSchema.BaseSchema;

function sampleOf(schema: Schema, name = ''): unknown {
  if (Object.hasOwn(samples, name)) return samples[name];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return sampleOf(first as Schema, name);
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return [sampleOf(schema.items as Schema)];
  if (schema.type === 'number' || schema.type === 'integer') return 1;
  if (schema.type !== 'object') return 'text';
  const required = (schema.required ?? []).map((field) => {
    return [field, sampleOf(schema.properties?.[field] as Schema, field)] as const;
  });
  return Object.fromEntries(required);
}
