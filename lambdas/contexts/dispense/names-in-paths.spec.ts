import { beforeEach, describe, expect, it } from '@jest/globals';
import { wholeApi } from '../whole-api.fixture.ts';

/** A caller may put a name where the id of a dispense belongs. */
const name = 'Wilhelmine-Quackenbush';
const claims = { sub: 'pharmacist', scope: 'dispense:read dispense:write streams:read todo:read' };

let api: Awaited<ReturnType<typeof wholeApi>>;
beforeEach(async () => {
  api = await wholeApi();
});

const routes = async () => api.routes.filter(({ path }) => path.startsWith('/dispenses/{id}'));

describe('a name in the place of the id of a dispense', () => {
  it.each(['Wilhelmine-Quackenbush', '0D9C1F4A-3B52-4A4E-9A3C-1F2F8F0CB6B5', 'INS-7351-XQ'])(
    'is answered like an id that does not exist, by every route: %s',
    async (id) => {
      for (const { method, path } of await routes()) {
        const answer = await api.call(method, path.replace('{id}', id), { claims });
        expect(answer).toMatchObject({
          status: 404,
          body: { type: 'urn:streamfold:problem:dispense/not-found' },
        });
        expect(JSON.stringify(answer)).not.toContain(id);
      }
      expect((await routes()).length).toBeGreaterThan(9);
    },
  );

  it('is in no log line and no line of the audit, and no key is looked for', async () => {
    for (const { method, path } of await routes())
      await api.call(method, path.replace('{id}', name), { claims });
    await api.call('GET', `/streams/dispense/${name}`, { claims });
    await api.call('GET', `/todos/dispense.${name}.1.add-patient`, { claims });
    await api.call('GET', '/todos', { claims, query: `subject=dispense/${name}` });
    expect(api.keys.calls).toEqual([]);
    expect(api.logged.join('\n')).toContain('/dispenses/{id}/patient');
    expect(api.logged.join('\n')).not.toContain(name);
    expect(api.reads.length).toBeGreaterThan(0);
    expect(api.reads.map(({ streams }) => streams)).toEqual(api.reads.map(() => ''));
  });

  it('is not asked for without a right', async () => {
    const answer = await api.call('GET', `/dispenses/${name}`, {
      claims: { sub: 'x', scope: 'ledger:read' },
    });
    expect(answer.status).toBe(403);
  });
});
