import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../test/support/test-dynamodb.ts';
import { DynamoDBGenerations, DynamoDBReadModel } from '../kernel/dynamodb/index.ts';
import {
  activeRows,
  begin,
  CachedGenerations,
  type Commit,
  type DomainEvent,
  finish,
  foldCommits,
  follow,
  GenerationalProjector,
  type GenerationChange,
  type GenerationState,
  generationCacheMs,
  isRefusedChange,
  keyOfStream,
  type ReadModel,
  type StreamName,
  switchOver,
  undo,
  updatesByStream,
  writtenRows,
} from '../kernel/index.ts';
import { MemoryEventLog, MemoryParkingLot } from '../kernel/memory/index.ts';
import { commitAt, simulatedEffects } from '../kernel/testing/index.ts';
import { type AnyProjection, type AnyRows, loadReadModel } from './load-read-models.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

/** A read model on DynamoDB with one projector and the queries, each with a cache of its own, and a builder. */
async function setUp(name: 'ledger' | 'todo') {
  const { listing, projections } = await loadReadModel(name);
  // Each spec has a read model of its own in the shared tables: the name of a generation begins with it.
  const model = `${name}-${randomUUID()}`;
  const effects = simulatedEffects();
  const log = new MemoryEventLog();
  const parkingLot = new MemoryParkingLot();
  const store = new DynamoDBGenerations(dynamodb.client, tables.control);
  const generationOf = (generation: string): ReadModel<unknown, unknown> =>
    new DynamoDBReadModel(dynamodb.client, {
      table: tables.readModel,
      generation: `${model}-${generation}`,
      projection: listing,
      effects,
    });
  const cached = () => new CachedGenerations({ store, model, effects });
  const projectorsOf = () => {
    const all = writtenRows(cached(), generationOf);
    return projections.map(
      ({ projection, rowsIn }) =>
        new GenerationalProjector<DomainEvent, unknown, unknown>({
          projection,
          log,
          generations: async () => (await all()).map(rowsIn),
          parkingLot,
          effects,
        }),
    );
  };
  const projectors = projectorsOf();
  const streams = new Map<StreamName, number>();
  const change = async (decide: (state: GenerationState) => GenerationChange) => {
    const from = await store.read(model);
    const to = decide(from);
    if (isRefusedChange(to)) throw new Error(to.refused);
    expect(await store.change(model, from, to)).toMatchObject({ outcome: 'changed' });
  };
  return {
    effects,
    parkingLot,
    generationOf,
    queries: activeRows(cached(), generationOf),
    change,
    /** Appends a commit of one event and projects it. */
    commit: async (stream: StreamName, type: string, data: object, project = true): Promise<void> => {
      const version = (streams.get(stream) ?? 0) + 1;
      streams.set(stream, version);
      const events = [{ id: `${stream}-${version}`, type, schemaVersion: 1, data }];
      const committedAt = new Date(Date.UTC(2026, 0, 1) + streams.size * 1_000 + version).toISOString();
      const commit: Commit = commitAt(stream, version, 1, { events, committedAt });
      await log.append([commit]);
      if (!project) return;
      for (const projector of projectors) {
        if (!stream.startsWith(`${categoryOf(projector.name)}/`)) continue;
        const result = await projector.project(updatesByStream([{ ...commit, count: 1 }]));
        expect(result).toEqual({ projected: 1, parked: [], failed: [] });
      }
    },
    passCache: () => {
      effects.clock.now = new Date(Date.parse(effects.clock.now) + generationCacheMs).toISOString();
    },
    /** Folds every stream of the log into a generation, as a rebuild does. */
    build: async (generation: string): Promise<void> => {
      for (const { projection, rowsIn } of projections)
        for (const stream of streams.keys())
          if (stream.startsWith(`${projection.category}/`))
            await fold(log, projection, stream, rowsIn(generationOf(generation)));
    },
    now: () => effects.now(),
  };
}

/** The category of a projection, by its name: `ledger`, or `todo-ledger`. */
const categoryOf = (projector: string) => projector.replace('todo-', '');

async function fold(log: MemoryEventLog, projection: AnyProjection, stream: StreamName, rows: AnyRows) {
  const folded = foldCommits(projection, undefined, (await Array.fromAsync(log.read(stream))).flat());
  if (folded) await rows.save({ id: keyOfStream(stream), expectedVersion: 0, ...folded });
}

type System = Awaited<ReturnType<typeof setUp>>;

/** From `begin` to `finish`. */
async function buildSecond({ change, build, now, passCache }: System): Promise<void> {
  await change((state) => begin(state, { segments: 1, now: now() }));
  await build('g2');
  await change((state) => follow(state, 'g2', now()));
  passCache();
}

const account = (id: string): StreamName => `ledger/${id}`;
const open = (system: System, stream: StreamName) =>
  system.commit(stream, 'Ledger:Opened', { currency: 'USD', overdraftLimit: 0 });
const credit = (system: System, stream: StreamName, amount: number) =>
  system.commit(stream, 'Ledger:Credited', { amount });

describe('generations on DynamoDB', () => {
  it('are switched under queries, which follow within the time of the cache, and back', async () => {
    const system = await setUp('ledger');
    const { queries, change, passCache, generationOf, now } = system;
    const ids = ['a', 'b', 'c', 'd', 'e', 'acme/f'];
    for (const id of ids) {
      await open(system, account(id));
      await credit(system, account(id), 100);
    }
    const firstPage = await queries.list('byOpening', { limit: 2 });
    await buildSecond(system);
    await credit(system, account('a'), 11);
    await change((state) => finish(state, 'g2'));
    // A mark that only the old generation has shows which one answers.
    const mark = async (generation: string) => {
      const rows = generationOf(generation);
      const { row } = (await rows.find('b')) as { row: object };
      await rows.save({
        id: 'b',
        expectedVersion: 2,
        version: 2,
        row: { ...row, name: generation },
        lines: [],
      });
    };
    await mark('g1');
    await mark('g2');
    const answers = async () => (await queries.find('b'))?.row as object;

    expect(await answers()).toMatchObject({ name: 'g1' });
    await change((state) => switchOver(state, now()));
    expect(await answers()).toMatchObject({ name: 'g1' });
    passCache();
    expect(await answers()).toMatchObject({ name: 'g2' });
    // Everything is there: pages continue, lines and counts are complete, the other tenant has its own list.
    const rest = await queries.list('byOpening', { limit: 10, after: firstPage.next });
    const listed = [...firstPage.rows, ...rest.rows].map(({ rowId }) => rowId);
    expect(listed).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await queries.list('byOpening', { limit: 10, tenant: 'acme' })).rows).toMatchObject([
      { rowId: 'acme/f', version: 2 },
    ]);
    expect(await queries.count('byOpening', {}, 100)).toBe(5);
    const { lines } = await queries.lines('a', { order: 'descending', limit: 10 });
    expect(lines.map(({ line }) => (line as { amount: number }).amount)).toEqual([11, 100]);

    // Projectors write both, so an undo loses nothing.
    await credit(system, account('a'), 22);
    await change(undo);
    passCache();
    expect(await answers()).toMatchObject({ name: 'g1' });
    expect(await queries.find('a')).toMatchObject({ version: 4, row: { balance: 133 } });
  });

  it('are equal although a projector used an older state until its cache expired', async () => {
    const system = await setUp('ledger');
    const { change, passCache, generationOf, now } = system;
    await open(system, account('a'));
    await change((state) => begin(state, { segments: 1, now: now() }));
    await system.build('g2');
    await change((state) => follow(state, 'g2', now()));
    await credit(system, account('a'), 5);
    expect([await generationOf('g1').find('a'), await generationOf('g2').find('a')]).toMatchObject([
      { version: 2 },
      { version: 1 },
    ]);
    passCache();
    await credit(system, account('a'), 7);
    const rows = await Promise.all(['g1', 'g2'].map((name) => generationOf(name).find('a')));
    expect(rows[0]).toMatchObject({ version: 3, row: { balance: 12 } });
    expect(rows[1]).toEqual(rows[0]);
    const lines = await Promise.all(
      ['g1', 'g2'].map((name) => generationOf(name).lines('a', { order: 'ascending', limit: 9 })),
    );
    expect(lines[1]).toEqual(lines[0]);
  });

  it('hold the items of TODO, of several contexts in one table', async () => {
    const system = await setUp('todo');
    const { queries, change, passCache, now } = system;
    const [owing, settled] = [account('a'), account('acme/a')];
    for (const stream of [owing, settled]) {
      await open(system, stream);
      await system.commit(stream, 'Ledger:Debited', { amount: 5 });
    }
    await system.commit('dispense/a', 'Dispense:Started', {});
    const items = async (tenant?: string) =>
      (await queries.listLines('byOpening', { limit: 10, tenant })).lines.map(({ rowId, line }) => {
        const { kind, status } = line as { kind: string; status: string };
        return [rowId, kind, status].join(' ');
      });
    const before = await items();
    expect(before).toContain('ledger/a settle-overdraft open');
    expect(before.some((item) => item.startsWith('dispense/a '))).toBe(true);

    await buildSecond(system);
    await system.commit(settled, 'Ledger:Credited', { amount: 5 });
    await change((state) => finish(state, 'g2'));
    await change((state) => switchOver(state, now()));
    passCache();
    expect(await items()).toEqual(before);
    expect(await items('acme')).toEqual(['ledger/acme/a settle-overdraft closed']);
  });

  it.each([
    ['no text of JSON', { revision: { N: '1' }, state: { M: {} } }, 'has no JSON in its text attribute'],
    ['no state', { revision: { N: '1' }, state: { S: '{"active":"g2"}' } }, 'is no state of generations'],
    [
      'two revisions',
      { revision: { N: '2' }, state: { S: '{"revision":1,"last":1,"active":"g1"}' } },
      'has another number in its attribute `revision`',
    ],
  ])('are refused from an item with %s', async (_name, attributes, fault) => {
    const model = randomUUID();
    const { name: TableName, partitionKey } = tables.control;
    const Item = { [partitionKey]: { S: `generations/${model}` }, ...attributes };
    await dynamodb.client.send(new PutItemCommand({ TableName, Item }));
    const read = new DynamoDBGenerations(dynamodb.client, tables.control).read(model);
    await expect(read).rejects.toThrow(`The item generations/${model} of the control table ${fault}`);
  });
});
