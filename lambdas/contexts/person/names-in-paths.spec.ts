import { beforeEach, describe, expect, it } from '@jest/globals';
import { wholeApi } from '../whole-api.fixture.ts';

/** A caller may put an identifier where the id of a person belongs. */
const identifier = 'INS-7351-XQ';
const scope = 'person:read person:write dispense:read privacy:erase streams:read';
const claims = { sub: 'officer', scope };

let api: Awaited<ReturnType<typeof wholeApi>>;
beforeEach(async () => {
  api = await wholeApi();
});

const send = async (id: string) => {
  const routes = api.routes.filter(({ path }) => path.startsWith('/persons/{id}'));
  const answers: unknown[] = [];
  for (const { method, path } of routes) {
    const json = path.endsWith('/erase') ? { legalGround: 'objection' } : undefined;
    answers.push(await api.call(method, path.replace('{id}', id), { claims, ...(json && { json }) }));
  }
  return answers;
};

describe('an identifier in the place of the id of a person', () => {
  it.each([identifier, '0D9C1F4A-3B52-4A4E-9A3C-1F2F8F0CB6B5'])(
    'is answered like an id that does not exist, by every route: %s',
    async (id) => {
      const answers = await send(id);
      expect(answers).toHaveLength(5);
      for (const answer of answers) {
        expect(answer).toMatchObject({
          status: 404,
          body: { type: 'urn:streamfold:problem:person/not-found' },
        });
        expect(JSON.stringify(answer)).not.toContain(id);
      }
    },
  );

  it('is in no log line and no line of the audit', async () => {
    await send(identifier);
    await api.call('GET', `/streams/person/${identifier}`, { claims });
    expect(api.logged.join('\n')).not.toContain(identifier);
    expect(api.reads.length).toBeGreaterThan(0);
    expect(api.reads.map(({ streams }) => streams)).toEqual(api.reads.map(() => ''));
  });
});
