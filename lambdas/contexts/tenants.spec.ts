import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Route } from '../http/route.ts';
import type { TestRequest, TestResponse } from '../http/testing.ts';
import { idOfStream, tenantOfStream } from '../kernel/index.ts';
import { copiedCommit } from './copied-commits.fixture.ts';
import { allContexts, sampleBody } from './tenants.fixture.ts';

type World = Awaited<ReturnType<typeof allContexts>>;

let world: World;
/** Plain names of the owner's streams: for each command route of each context, a stream that got this command. */
let streams: readonly string[];
let persons: string[];

const isGet = ({ method, readsOnly }: Route) => method === 'GET' || readsOnly === true;
const hasId = ({ path }: Route) => path.includes('{id}');
const json = (body: unknown) => (body === undefined ? {} : { json: body });

function send(tenant: string, route: Route, path: string, request: TestRequest = {}): Promise<TestResponse> {
  const { headers = {}, ...more } = request;
  if (route.rawBody)
    return world.as(tenant)(route.method, path, { ...more, headers, body: 'Drug 1 mg tablet, 1' });
  return world.as(tenant)(route.method, path, {
    ...more,
    headers,
    ...json(route.method === 'GET' ? undefined : sampleBody(route)),
  });
}

/** Creates an aggregate for each command route of every context, and sends the command to it, with a key. */
async function fill(tenant: string): Promise<string[]> {
  const filled: string[] = [];
  for (const { category, routes } of world.contexts) {
    const create = routes.find((route) => !isGet(route) && !hasId(route));
    for (const route of [create, ...routes.filter((each) => !isGet(each) && hasId(each))]) {
      if (route === undefined) continue;
      const id = create ? await createdBy(tenant, create) : addPerson(tenant);
      filled.push(`${category}/${id}`);
      if (route === create) continue;
      const path = route.path.replace('{id}', id);
      const answer = await send(tenant, route, path, { headers: { 'idempotency-key': path } });
      // An invalid body would test nothing: give the field a value in the fixture.
      expect([path, [400, 415, 422, 500].includes(answer.status)]).toEqual([path, false]);
    }
  }
  await world.project();
  return filled;
}

async function createdBy(tenant: string, create: Route): Promise<string> {
  const { status, body } = await send(tenant, create, create.path);
  expect([create.path, status]).toEqual([create.path, 201]);
  return (body as { id: string }).id;
}

/** Persons have no route that creates them: the index of persons has those of dispenses. */
function addPerson(tenant: string): string {
  const id = `00000000-0000-4000-9000-${String(persons.length).padStart(12, '0')}`;
  persons.push(id);
  world.addPerson(tenant, id);
  return id;
}

/** The paths of a route for a stream. Empty: the route is not about streams of this category. */
async function pathsFor({ path, tags = [] }: Route, stream: string, owner: string): Promise<string[]> {
  const [category = '', id = ''] = stream.split('/');
  if (path.startsWith('/streams/')) return [`/streams/${stream}`];
  if (tags.includes('todo')) {
    const { body } = await world.as(owner)('GET', '/todos', { query: `subject=${stream}` });
    return (body as { items: { id: string }[] }).items.map((item) => path.replace('{id}', item.id));
  }
  return tags.includes(category) ? [path.replace('{id}', id)] : [];
}

/** The paths of a route for all streams of the owner. */
async function everyPath(route: Route, owner: string): Promise<string[]> {
  return (await Promise.all(streams.map((stream) => pathsFor(route, stream, owner)))).flat();
}

/** All answers of a tenant that only read: by route, with each query. */
async function readAll(tenant: string, owner = tenant): Promise<Record<string, TestResponse>> {
  const answers: Record<string, TestResponse> = {};
  for (const route of world.routes.filter(isGet)) {
    const paths = hasId(route) ? await everyPath(route, owner) : [route.path];
    for (const path of paths) answers[path] = await send(tenant, route, path);
  }
  return answers;
}

/** An answer without the id that was asked for. */
const without = (id: string, answer: TestResponse) => JSON.stringify(answer).replaceAll(id, '<id>');

const requests: readonly TestRequest[] = [
  {},
  { headers: { 'if-match': '"1"' } },
  { headers: { 'if-match': '*' } },
  { headers: { 'if-none-match': '*' } },
  { headers: { 'if-none-match': '"1"' } },
  { headers: { 'cache-control': 'no-cache' } },
  { query: 'version=1' },
  { query: 'at=2026-01-01T00:00:00Z' },
  { query: 'cursor=x' },
];

describe.each([
  ['acme', 'default'],
  ['default', 'acme'],
  ['acme', 'rival'],
])('the data of the tenant %s, for the tenant %s', (owner, stranger) => {
  beforeEach(async () => {
    world = await allContexts();
    persons = [];
    streams = await fill(owner);
  });

  const commitsOf = (tenant: string) =>
    world.log.commits.filter(({ stream }) => tenantOfStream(stream) === tenant);

  it('is in streams of this tenant only', () => {
    expect(commitsOf(owner)).toEqual(world.log.commits);
    expect(commitsOf(owner).length).toBeGreaterThan(streams.length);
  });

  it('is in no list and no count', async () => {
    const lists = world.routes.filter((route) => isGet(route) && !hasId(route));
    expect(lists.length).toBeGreaterThanOrEqual(5);
    for (const route of lists) {
      const { status, body } = await send(stranger, route, route.path);
      const own = await send(owner, route, route.path);
      expect([route.path, status, JSON.stringify(body)]).not.toEqual([
        route.path,
        status,
        JSON.stringify(own.body),
      ]);
      const {
        items,
        persons: found,
        open,
      } = body as {
        items?: unknown[];
        persons?: unknown[];
        open?: { count: number }[];
      };
      expect([route.path, status, items ?? found ?? open?.filter(({ count }) => count > 0)]).toEqual([
        route.path,
        200,
        [],
      ]);
    }
  });

  it('is answered like what does not exist, by every route with an id', async () => {
    const before = { commits: structuredClone(commitsOf(owner)), answers: await readAll(owner) };
    let asked = 0;
    // Reads first: commands can create streams of the stranger.
    for (const route of world.routes.filter(hasId).toSorted((a, b) => Number(isGet(b)) - Number(isGet(a)))) {
      const paths = await everyPath(route, owner);
      expect([route.path, paths.length > 0]).toEqual([route.path, true]);
      for (const path of paths) {
        const index = streams.findIndex((stream) => path.includes(idOfStream(stream)));
        const id = idOfStream(streams[index] ?? '');
        for (const request of [...requests, { headers: { 'idempotency-key': path } }]) {
          const unknown = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
          const answer = await send(stranger, route, path, request);
          const expected = await send(stranger, route, path.replace(id, unknown), request);
          expect([path, request, without(id, answer)]).toEqual([path, request, without(unknown, expected)]);
          if (isGet(route)) expect([path, answer.status >= 400]).toEqual([path, true]);
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(500);
    await world.project();
    expect(commitsOf(owner)).toEqual(before.commits);
    expect(await readAll(owner)).toEqual(before.answers);
  });

  it('is apart from streams with the same ids', async () => {
    const before = await readAll(owner);
    for (const commit of commitsOf(owner)) {
      const copy = await copiedCommit(commit, { tenant: stranger, keys: world.keys });
      await world.log.append([copy]);
    }
    for (const id of persons) world.addPerson(stranger, id);
    await world.project();
    expect(await readAll(stranger)).toEqual(before);
    const after = await readAll(owner);
    expect(after).toEqual(before);
    for (const answer of Object.values(after)) expect(JSON.stringify(answer)).not.toMatch(/acme|rival/);
    // Commands of the stranger change the stranger's streams only.
    for (const route of world.routes.filter((each) => !isGet(each) && hasId(each))) {
      for (const stream of streams)
        for (const path of await pathsFor(route, stream, owner)) await send(stranger, route, path);
    }
    await world.project();
    expect(await readAll(owner)).toEqual(before);
    expect(await readAll(stranger)).not.toEqual(before);
  });

  it('is not reached by cursors', async () => {
    let cursors = 0;
    for (const route of world.routes.filter((each) => each.query?.shape['cursor'] !== undefined)) {
      const paths = hasId(route) ? await everyPath(route, owner) : [route.path];
      for (const path of paths) {
        const { body } = await send(owner, route, path, { query: 'limit=1' });
        const { next } = body as { next?: string };
        if (next === undefined) continue;
        cursors += 1;
        const query = `limit=1&cursor=${next}`;
        expect(await send(owner, route, path, { query })).toMatchObject({ status: 200 });
        const refused = await send(stranger, route, path, { query });
        expect([path, refused.status >= 400]).toEqual([path, true]);
        if (!hasId(route)) expect(JSON.stringify(refused.body)).toContain('invalid-cursor');
      }
    }
    expect(cursors).toBeGreaterThan(5);
  });

  it('is not reached by keys: the same subject with the same key creates another aggregate', async () => {
    for (const route of world.routes.filter((each) => !isGet(each) && !hasId(each))) {
      const headers = { 'idempotency-key': 'one key' };
      const [own, other, again] = [
        await send(owner, route, route.path, { headers }),
        await send(stranger, route, route.path, { headers }),
        await send(stranger, route, route.path, { headers }),
      ] as const;
      const idIn = ({ body }: TestResponse) => (body as { id: string }).id;
      expect([own.status, other.status]).toEqual([201, 201]);
      expect(idIn(other)).not.toBe(idIn(own));
      expect(other.headers).not.toHaveProperty('idempotency-replayed');
      expect(again).toMatchObject({ headers: { 'idempotency-replayed': 'true' }, body: { id: idIn(other) } });
    }
  });

  it('is not reached by names with a tenant', async () => {
    for (const stream of streams.slice(0, 3)) {
      const [category, id] = stream.split('/');
      for (const path of [`/ledger/${owner}%2F${id}`, `/streams/${category}/${owner}%2F${id}`])
        expect((await world.as(stranger)('GET', path)).status).toBe(400);
      const query = `subject=${category}/${owner}/${id}`;
      expect((await world.as(stranger)('GET', '/todos', { query })).status).toBe(400);
      expect((await world.as(stranger)('GET', `/todos/${category}.${owner}.${id}.1.set-target`)).status).toBe(
        404,
      );
      expect(
        (await world.as(stranger)('GET', `/todos/${category}.${owner}%2F${id}.1.set-target`)).status,
      ).toBe(404);
    }
  });
});
