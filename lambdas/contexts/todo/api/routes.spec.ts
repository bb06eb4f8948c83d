import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCursors } from '../../../http/cursor.ts';
import { type TestApi, testApi } from '../../../http/testing.ts';
import { visibilityOf } from '../../../http/visibility.ts';
import { categoryRows, foldCommits, type StreamName } from '../../../kernel/index.ts';
import { MemoryReadModel } from '../../../kernel/memory/index.ts';
import { loadTodoRules } from '../../load-todo-rules.ts';
import type { TodoRules } from '../../todo-rule.ts';
import { commitsOf } from '../../todo-rules.fixture.ts';
import { todoLists, todoProjections } from '../read-model/projection.ts';
import { todoRoutes } from './routes.ts';

const readModelOf = () => new MemoryReadModel(todoLists);

let rules: readonly TodoRules[];
let readModel: ReturnType<typeof readModelOf>;
let call: TestApi;
let seconds = 0;

beforeAll(async () => {
  rules = await loadTodoRules();
});
beforeEach(() => {
  readModel = readModelOf();
  const cursors = createCursors(Buffer.alloc(32, 1));
  call = testApi(todoRoutes({ readModel, cursors, rules, visibility: visibilityOf([]) }));
  seconds = 0;
});

/** Projects a stream. Its events follow those of earlier streams, one second apart. */
async function happened(stream: StreamName, ...types: readonly string[]) {
  const [category = '', id = ''] = stream.split('/');
  const projection = todoProjections(rules).find((each) => each.category === category);
  if (projection === undefined) throw new Error(`No rules are about ${category}.`);
  const events = types.map((type) => [type, { amount: 1, confidence: 0 }] as const);
  const commits = commitsOf(stream, events, Date.UTC(2026, 0, 1) + (seconds + 1) * 1_000);
  seconds += types.length;
  const folded = foldCommits(projection, undefined, commits);
  if (folded) await categoryRows(readModel, category).save({ id, expectedVersion: 0, ...folded });
}

async function ids(query: string) {
  const { status, body } = await call('GET', '/todos', { query });
  expect(status).toBe(200);
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

const someWork = async () => {
  await happened('metrics/m', 'Metric:Created');
  await happened('dispense/a', 'Dispense:Started', 'Dispense:PatientAdded');
  await happened('ledger/a', 'Ledger:Opened', 'Ledger:Debited');
  await happened('dispense/b', 'Dispense:Started', 'Dispense:Cancelled');
};

describe('GET /todos', () => {
  it('lists everything, oldest first', async () => {
    await someWork();
    expect(await ids('')).toEqual([
      'metrics.m.1.set-target',
      'dispense.a.1.add-drugs',
      'dispense.a.1.add-patient',
      'ledger.a.2.settle-overdraft',
      'dispense.b.1.add-drugs',
      'dispense.b.1.add-patient',
    ]);
  });

  it.each([
    ['status=open', ['metrics.m.1.set-target', 'dispense.a.1.add-drugs', 'ledger.a.2.settle-overdraft']],
    ['status=closed', ['dispense.a.1.add-patient', 'dispense.b.1.add-drugs', 'dispense.b.1.add-patient']],
    ['context=ledger', ['ledger.a.2.settle-overdraft']],
    ['kind=add-drugs', ['dispense.a.1.add-drugs', 'dispense.b.1.add-drugs']],
    ['kind=add-drugs&status=open', ['dispense.a.1.add-drugs']],
    ['kind=add-drugs&context=ledger', []],
    ['context=dispense&status=open', ['dispense.a.1.add-drugs']],
    ['subject=dispense/a', ['dispense.a.1.add-drugs', 'dispense.a.1.add-patient']],
    ['subject=dispense/a&status=open', ['dispense.a.1.add-drugs']],
    ['subject=ledger/a', ['ledger.a.2.settle-overdraft']],
    ['subject=ledger/a&kind=add-drugs', []],
    ['subject=dispense/nobody', []],
  ])('?%s', async (query, expected) => {
    await someWork();
    expect(await ids(query)).toEqual(expected);
  });

  it.each(['', 'status=open', 'kind=set-target&status=open', 'context=metrics', 'subject=metrics/m003'])(
    'pages through ?%s, each item once',
    async (query) => {
      for (let n = 0; n < 7; n += 1) await happened(`metrics/m00${n}`, 'Metric:Created');
      await happened('dispense/a', 'Dispense:Started');
      const all = await ids(query);
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 20; page += 1) {
        const { body } = await call('GET', '/todos', {
          query: `${query}&limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`,
        });
        const { items, next } = body as { items: { id: string }[]; next?: string };
        expect(items.length).toBeLessThanOrEqual(2);
        seen.push(...items.map(({ id }) => id));
        cursor = next;
        if (cursor === undefined) break;
      }
      expect(cursor).toBeUndefined();
      expect(seen).toEqual(all);
      expect(all.length).toBeGreaterThan(0);
    },
  );

  it('reads a bounded number of items for a page, and continues after them', async () => {
    for (let n = 0; n < 1_050; n += 1) await happened(`metrics/m${n}`, 'Metric:Created');
    await happened('ledger/a', 'Ledger:Debited');
    const first = await call('GET', '/todos', { query: 'context=ledger' });
    expect(first.body).toMatchObject({ items: [], next: expect.any(String) });
    const { next } = first.body as { next: string };
    const second = await call('GET', '/todos', { query: `context=ledger&cursor=${next}` });
    expect(second.body).toMatchObject({ items: [{ id: 'ledger.a.1.settle-overdraft' }] });
    expect(second.body).not.toHaveProperty('next');
  });

  it('accepts a cursor only for the same filters', async () => {
    await someWork();
    const { body } = await call('GET', '/todos', { query: 'limit=1' });
    const { next } = body as { next: string };
    const other = await call('GET', '/todos', { query: `status=open&cursor=${next}` });
    expect(other).toMatchObject({ status: 400, body: { type: expect.stringMatching(/invalid-cursor$/) } });
  });

  it.each(['status=done', 'context=system', 'kind=eat', 'subject=dispense', 'limit=0', 'colour=red'])(
    'refuses ?%s',
    async (query) => {
      expect(await call('GET', '/todos', { query })).toMatchObject({ status: 400 });
    },
  );
});

describe('GET /todos/{id}', () => {
  it('returns the item with all its fields', async () => {
    await happened('dispense/a', 'Dispense:Started', 'Dispense:PatientAdded');
    expect(await call('GET', '/todos/dispense.a.1.add-patient')).toMatchObject({
      status: 200,
      body: {
        id: 'dispense.a.1.add-patient',
        kind: 'add-patient',
        context: 'dispense',
        subject: 'dispense/a',
        doneBy: 'person',
        status: 'closed',
        openedAt: '2026-01-01T00:00:01.000Z',
        openedBy: { eventId: 'event-1', type: 'Dispense:Started', version: 1 },
        closedAt: '2026-01-01T00:00:02.000Z',
        closedBy: { eventId: 'event-2', type: 'Dispense:PatientAdded', version: 2 },
      },
    });
  });

  it.each(['dispense.a.1.add-drug', 'dispense.b.1.add-drugs', 'dispense.a.2.add-drugs', 'nonsense'])(
    'answers 404 for %s',
    async (id) => {
      await happened('dispense/a', 'Dispense:Started');
      const { status, body } = await call('GET', `/todos/${id}`);
      expect({ status, body }).toMatchObject({
        status: 404,
        body: { type: expect.stringMatching(/todo\/not-found$/) },
      });
    },
  );
});

describe('GET /todos/summary', () => {
  const counts = async () => {
    const { status, body } = await call('GET', '/todos/summary');
    expect(status).toBe(200);
    const { open } = body as { open: { context: string; kind: string; count: number; isMore: boolean }[] };
    return new Map(open.map(({ context, kind, count, isMore }) => [`${context} ${kind}`, [count, isMore]]));
  };

  it('counts open items by context and kind, and names the kinds that have none', async () => {
    await someWork();
    const counted = await counts();
    const expected: [string, [number, boolean]][] = [
      ['dispense analyze-prescription', [0, false]],
      ['dispense review-analysis', [0, false]],
      ['dispense add-patient', [0, false]],
      ['dispense add-drugs', [1, false]],
      ['dispense complete-dispense', [0, false]],
      ['metrics set-target', [1, false]],
      ['metrics review-expired-metric', [0, false]],
      ['ledger settle-overdraft', [1, false]],
    ];
    for (const [kind, count] of expected) expect([kind, counted.get(kind)]).toEqual([kind, count]);
  });

  it('counts a kind up to a thousand, and shows that there are more', async () => {
    for (let n = 0; n < 1_001; n += 1) await happened(`metrics/m${n}`, 'Metric:Created');
    expect((await counts()).get('metrics set-target')).toEqual([1_000, true]);
  });
});
