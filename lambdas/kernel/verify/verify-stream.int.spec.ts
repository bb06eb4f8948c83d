import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB } from '../../../test/support/test-dynamodb.ts';
import type { StreamName } from '../commit.ts';
import type { Item } from '../dynamodb/dynamodb-batches.ts';
import { isEventSourcingError } from '../errors.ts';
import { versionKey } from '../projection.ts';
import { Projector } from '../projector.ts';
import { tallyProjection } from '../testing/read-model.contract.ts';
import { methodsOf, tallyRows } from '../testing/tally-rows.fixture.ts';
import { examineStream, repairTarget } from './repair-stream.ts';
import { verifyStream } from './verify-stream.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

let tally: ReturnType<typeof tallyRows>;
let id: string;
let stream: StreamName;
/** A stream of 5 events in 3 commits, of 1, 3 and 1 events, and its row. */
beforeEach(async () => {
  tally = tallyRows(dynamodb.client);
  id = `acme/${randomUUID()}`;
  stream = `counter/${id}`;
  await tally.append(stream, 1);
  await tally.append(stream, 2, 3);
  await tally.append(stream, 5);
  await tally.project(stream, 5);
});

const verify = (name = stream) => verifyStream(tally.sources, tally.target, name);
const repair = async (name = stream) => {
  const { fields, lines } = await examineStream(tally.sources, tally.target, name);
  await repairTarget(tally.sources, tally.target, name);
  return { fields, lines };
};
const lineOf = (version: number) => `line#${versionKey(version)}`;
const data = (value: object) => ({ data: { S: JSON.stringify(value) } });
const version = (value: number) => ({ version: { N: String(value) } });
const add = (part: string, attributes: Item) => () => ({
  pk: { S: tally.partition(id) },
  sk: { S: part },
  ...attributes,
});
const without =
  (name: string) =>
  ({ [name]: _removed, ...item }: Item) =>
    item;

describe('verifying and repairing a stream', () => {
  it('finds no difference in what a projector wrote', async () => {
    expect(await verify()).toEqual({ outcome: 'same', fields: [], lines: 0, version: 5, events: 5 });
    expect(await repair()).toEqual({ fields: [], lines: 0 });
  });

  it('counts the events of a stream that differs once', async () => {
    await tally.damage(id, 'row', (item) => ({ ...item, ...data({ id: id.slice(5), total: 7 }) }));
    expect(await verify()).toEqual({
      outcome: 'differs',
      fields: ['total'],
      lines: 0,
      version: 5,
      events: 5,
    });
  });

  it('accepts another order of fields', async () => {
    await tally.damage(id, 'row', (item) => ({ ...item, ...data({ total: 5, id: id.slice(5) }) }));
    expect(await verify()).toMatchObject({ outcome: 'same' });
  });

  type Change = (item: Item) => Item | undefined;
  const damages: readonly [string, string, () => Change, readonly string[], number][] = [
    ['a field', 'row', () => (item) => ({ ...item, ...data({ id: id.slice(5), total: 7 }) }), ['total'], 0],
    [
      'a field that does not belong',
      'row',
      () => (item) => ({ ...item, ...data({ id: id.slice(5), total: 5, odd: 1 }) }),
      ['odd'],
      0,
    ],
    ['data that are no JSON', 'row', () => (item) => ({ ...item, data: { S: '{' } }), ['(all)'], 0],
    ['data that are missing', 'row', () => without('data'), ['(all)'], 0],
    ['a version that is too high', 'row', () => (item) => ({ ...item, ...version(9) }), ['(version)'], 0],
    ['a version that is too low', 'row', () => (item) => ({ ...item, ...version(4) }), ['total'], 0],
    [
      'a version in the middle of a commit',
      'row',
      () => (item) => ({ ...item, ...version(3) }),
      ['(version)', 'total'],
      0,
    ],
    [
      'a version that is no number',
      'row',
      () => (item) => ({ ...item, version: { S: 'x' } }),
      ['(version)'],
      0,
    ],
    ['no version', 'row', () => without('version'), ['(version)'], 0],
    ['a row that was deleted', 'row', () => () => undefined, ['(missing)'], 0],
    ['a changed line', lineOf(3), () => (item) => ({ ...item, ...data({ amount: 2 }) }), [], 1],
    ['a deleted line', lineOf(3), () => () => undefined, [], 1],
    ['an added line', lineOf(6), () => add(lineOf(6), data({ amount: 1 })), [], 1],
    ['an item that is neither row nor line', 'zzz', () => add('zzz', data({})), [], 1],
    ['a list attribute that was removed', 'row', () => without('byIdKey'), ['(byIdKey)'], 0],
    [
      "a row in another tenant's list",
      'row',
      () => (item) => ({ ...item, byIdShard: { S: 'g1/other#0' } }),
      ['(byIdShard)'],
      0,
    ],
    ['an entry that was deleted', 'entry', () => () => undefined, ['(entry)'], 0],
    [
      'an entry in a wrong part',
      'entry',
      () => (item) => ({ ...item, byIdShard: { S: 'g1#even#0' } }),
      ['(entry)'],
      0,
    ],
    [
      'an entry with a version that is too high',
      'entry',
      () => (item) => ({ ...item, ...version(9) }),
      ['(entry)'],
      0,
    ],
  ];

  it.each(damages)('names and mends %s', async (_name, part, change, fields, lines) => {
    const before = await tally.itemsOf(id);
    await tally.damage(id, part, change());
    const found = { fields, lines };
    expect(await verify()).toMatchObject({ outcome: 'differs', ...found });
    expect(await repair()).toMatchObject(found);
    expect(await tally.itemsOf(id)).toEqual(before);
    expect(await verify()).toMatchObject({ outcome: 'same' });
  });

  it('names and mends what is stored of a stream that does not exist', async () => {
    const other = `counter/${randomUUID()}` as const;
    const otherId = other.slice('counter/'.length);
    for (const item of await tally.itemsOf(id)) {
      await tally.put({ ...item, pk: { S: tally.partition(otherId) } });
    }
    expect(await verify(other)).toMatchObject({ outcome: 'differs', fields: ['(surplus)'], lines: 5 });
    expect(await repair(other)).toMatchObject({ fields: ['(surplus)'], lines: 5 });
    expect(await tally.itemsOf(otherId)).toEqual([]);
    expect(await verify(other)).toMatchObject({ outcome: 'same' });
  });

  it('reads and mends many pages of lines', async () => {
    const many = `counter/${randomUUID()}` as const;
    await tally.append(many, 1, 800);
    await tally.append(many, 801, 400);
    await tally.project(many, 1_200);
    const manyId = many.slice('counter/'.length);
    // A page of DynamoDB ends at 1 MB.
    const large = (item: Item) => ({ ...item, ...data({ amount: 9 }), odd: { S: 'x'.repeat(390_000) } });
    for (const at of [1, 400, 800, 801, 1_200]) await tally.damage(manyId, lineOf(at), large);
    for (const at of [2, 799]) await tally.damage(manyId, lineOf(at), () => undefined);
    await tally.damage(manyId, 'row', () => undefined);
    expect(await examineStream(tally.sources, tally.target, many)).toMatchObject({ lines: 7 });
    await repair(many);
    expect(await verify(many)).toMatchObject({ outcome: 'same', events: 1_200 });
    expect(await tally.readModel.find(manyId)).toMatchObject({ version: 1_200, row: { total: 1_200 } });
  });
});

describe('verifying a stream that moves', () => {
  const recently = '2026-01-02T03:56:00.000Z';

  it('finds no difference in a row that lags, also if its lines are ahead', async () => {
    await tally.append(stream, 6, 2, recently);
    expect(await verify()).toMatchObject({ outcome: 'same', version: 7 });
    await tally.damage(id, lineOf(6), add(lineOf(6), data({ amount: 1 })));
    await tally.put(tally.entryAt(id, 7, 7));
    expect(await verify()).toMatchObject({ outcome: 'same' });
    await tally.damage(id, lineOf(7), add(lineOf(7), data({ amount: 2 })));
    expect(await verify()).toMatchObject({ outcome: 'differs', lines: 1 });
  });

  it('says that a row is behind, or parked, if its commits are not delivered for long', async () => {
    await tally.append(stream, 6, 1);
    expect(await verify()).toMatchObject({ outcome: 'behind' });
    await tally.parkingLot.park({ consumer: 'tally', subject: stream, reason: 'odd', version: 6 });
    expect(await verify()).toMatchObject({ outcome: 'parked' });
    expect(await repair()).toMatchObject({ fields: [], lines: 0 });
    expect(await tally.readModel.find(id)).toMatchObject({ version: 6 });
  });

  it('gives a projector time to write the first row', async () => {
    const young = `counter/${randomUUID()}` as const;
    await tally.append(young, 1, 1, recently);
    expect(await verify(young)).toMatchObject({ outcome: 'same' });
    tally.effects.clock.now = '2026-01-02T04:02:00.000Z';
    expect(await verify(young)).toMatchObject({ outcome: 'differs', fields: ['(missing)'] });
    await tally.parkingLot.park({ consumer: 'tally', subject: young, reason: 'odd', version: 1 });
    expect(await verify(young)).toMatchObject({ outcome: 'parked' });
  });

  it('needs no row for commits that no projector gets', async () => {
    const quiet = `counter/${randomUUID()}` as const;
    await tally.append(quiet, 1);
    const target = { ...tally.target, isDelivered: () => false };
    expect(await verifyStream(tally.sources, target, quiet)).toMatchObject({ outcome: 'same' });
    await repairTarget(tally.sources, target, quiet);
    expect(await tally.itemsOf(quiet.slice('counter/'.length))).toEqual([]);
  });

  it('says that events cannot be folded, and repairs nothing then', async () => {
    const before = await tally.itemsOf(id);
    const project = () => {
      throw new Error('No.');
    };
    const broken = { ...tally.target, projection: { ...tally.target.projection, project } };
    expect(await verifyStream(tally.sources, broken, stream)).toMatchObject({
      outcome: 'differs',
      fields: ['(unfoldable)'],
    });
    await expect(examineStream(tally.sources, broken, stream)).rejects.toThrow('No.');
    await expect(repairTarget(tally.sources, broken, stream)).rejects.toThrow('No.');
    expect(await tally.itemsOf(id)).toEqual(before);
  });

  it('reports nothing of a row that changes during every comparison', async () => {
    await tally.damage(id, lineOf(1), () => undefined);
    let total = 5;
    const find: Rows['find'] = async (rowId, parts) => {
      total += 1;
      await tally.damage(id, 'row', (item) => ({ ...item, ...data({ id: id.slice(5), total }) }));
      return tally.rows.find(rowId, parts);
    };
    const target = { ...tally.target, rows: { ...methodsOf(tally.rows), find } };
    const found = await verifyStream(tally.sources, target, stream);
    expect(found).toMatchObject({ outcome: 'unsettled', fields: [], lines: 0 });
  });
});

describe('repairing while a projector writes', () => {
  /** A projector that has loaded the row and written the line and the entry of event 6. It saves the row when it is called. */
  const startProjector = async () => {
    await tally.append(stream, 6);
    const loaded = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const projector = new Projector({
      ...{
        projection: tallyProjection,
        log: tally.log,
        parkingLot: tally.parkingLot,
        effects: tally.effects,
      },
      readModel: {
        load: (ids) => tally.readModel.load(ids),
        save: async (change) => {
          await tally.readModel.save({ ...change, expectedVersion: 99 });
          loaded.resolve();
          await gate.promise;
          return tally.saveRowAlone(change);
        },
      },
    });
    const projecting = projector.project([{ stream, commits: [], reachedVersion: 6 }]);
    await loaded.promise;
    return async () => {
      gate.resolve();
      expect(await projecting).toMatchObject({ failed: [], parked: [] });
    };
  };

  /** Repairs, and lets a projector write while the repair replaces this part for the first time. */
  const repairDuring = async (part: string) => {
    let isFirst = true;
    const replace: Rows['replace'] = async (rowId, before, after) => {
      if (!isFirst || (after ?? before)?.part !== part) return tally.rows.replace(rowId, before, after);
      isFirst = false;
      const save = await startProjector();
      const outcome = await tally.rows.replace(rowId, before, after);
      await save();
      return outcome;
    };
    const target = { ...tally.target, rows: { ...methodsOf(tally.rows), replace } };
    await repairTarget(tally.sources, target, stream);
    expect(isFirst).toBe(false);
    expect(await verify()).toEqual({ outcome: 'same', fields: [], lines: 0, version: 6, events: 6 });
    expect(await tally.readModel.find(id)).toMatchObject({ version: 6, row: { total: 6 } });
  };

  it('replaces a row again that a projector saved from the damaged one', async () => {
    await tally.damage(id, 'row', (item) => ({ ...item, ...data({ id: id.slice(5), total: 70 }) }));
    await repairDuring('row');
  });

  it('keeps the line of a new event that looked surplus', async () => {
    await tally.damage(id, lineOf(6), add(lineOf(6), data({ amount: 1 })));
    await repairDuring(lineOf(6));
  });

  it('writes the newest entry', async () => {
    await tally.damage(id, 'entry', (item) => ({ ...item, ...version(99) }));
    await repairDuring('entry');
  });

  it('ends with a fold of the log, however many projectors and commits there are', async () => {
    await tally.damage(id, 'row', (item) => ({ ...item, ...data({ id: id.slice(5), total: -3 }) }));
    for (const at of [1, 4]) await tally.damage(id, lineOf(at), () => undefined);
    await tally.damage(id, lineOf(9), add(lineOf(9), data({ amount: 4 })));
    const write = async () => {
      for (let next = 6; next <= 60; next += 1) {
        await tally.append(stream, next);
        await Promise.all([tally.project(stream, next), tally.project(stream, next)]);
      }
    };
    // The delays of the specs take no time, so on a busy machine ten attempts can end before the writing does.
    const repairRepeatedly = async (): Promise<unknown> => {
      try {
        return await repair();
      } catch (error) {
        if (!isEventSourcingError(error, 'contention')) throw error;
        return repairRepeatedly();
      }
    };
    await Promise.all([write(), repairRepeatedly()]);
    expect(await verify()).toMatchObject({ outcome: 'same', version: 60 });
    expect(await tally.readModel.find(id)).toMatchObject({ version: 60, row: { total: 60 } });
  });
});

type Rows = ReturnType<typeof tallyRows>['rows'];
