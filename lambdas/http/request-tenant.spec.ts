import { describe, expect, it } from '@jest/globals';
import * as schema from '../../schema/authentication.ts';
import { defaultTenant, type LogQueries, type RowQueries, tenantKeyName } from '../kernel/index.ts';
import { FixedKeys } from '../kernel/testing/index.ts';
import { createCursors } from './cursor.ts';
import { dividedCursors, dividedKeys, dividedLog, dividedRows, forTenant } from './request-tenant.ts';

/** Ports that record what they are asked for. */
function recordingPorts() {
  const asked: unknown[] = [];
  const log: LogQueries = {
    read: async function* (stream) {
      asked.push(stream);
      yield [];
    },
    readCommit: async (stream) => void asked.push(stream),
  };
  const rows = {
    find: async (id) => void asked.push(id),
    count: async (list, bounds) => asked.push([list, bounds]),
  } as Pick<RowQueries<object, object>, 'find' | 'count'> as RowQueries<object, object>;
  return { asked, log: dividedLog(log), rows: dividedRows(rows, { sharedLists: ['due'] }) };
}

describe('the ports of routes', () => {
  it('are those of the tenant of each request, also of requests at the same time', async () => {
    const { asked, log, rows } = recordingPorts();
    const answers = ['acme', 'default', 'rival'].map((tenant) =>
      forTenant(tenant, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await log.readCommit('ledger/a', 1);
        await Array.fromAsync(log.read('ledger/b'));
        await rows.find('c');
        await rows.count('byId', { from: 'd' }, 1);
      }),
    );
    await Promise.all(answers);
    const streams = asked.filter((each) => typeof each === 'string');
    expect(streams.toSorted()).toEqual(
      [
        'acme/c',
        'c',
        'rival/c',
        ...['a', 'b'].flatMap((id) => [`ledger/acme/${id}`, `ledger/${id}`, `ledger/rival/${id}`]),
      ].toSorted(),
    );
    expect(asked.filter(Array.isArray)).toEqual(
      ['acme', 'default', 'rival'].map((tenant) => ['byId', { from: 'd', tenant }]),
    );
  });

  it('replace a tenant that a route names itself', async () => {
    const { asked, rows } = recordingPorts();
    await forTenant('acme', () => rows.count('byId', { tenant: 'rival' }, 1));
    expect(asked).toEqual([['byId', { tenant: 'acme' }]]);
  });

  it.each([
    ['a route that is open', <Result>(answer: () => Promise<Result>) => forTenant(undefined, answer)],
    ['code outside of requests', <Result>(answer: () => Promise<Result>) => answer()],
    [
      'an open route inside of a request',
      <Result>(answer: () => Promise<Result>) => forTenant('acme', () => forTenant(undefined, answer)),
    ],
  ])('cannot be used by %s', async (_name, run) => {
    const { asked, log, rows } = recordingPorts();
    const cursors = dividedCursors(createCursors(Buffer.alloc(32)));
    await expect(run(() => rows.find('a'))).rejects.toThrow('requests with a principal');
    await expect(run(() => log.readCommit('ledger/a', 1))).rejects.toThrow('requests with a principal');
    await expect(run(async () => cursors.encode('/ledger', 'a'))).rejects.toThrow(
      'requests with a principal',
    );
    expect(asked).toEqual([]);
  });

  it('refuse lists that all tenants share', async () => {
    const { asked, rows } = recordingPorts();
    for (const tenant of ['default', 'acme']) {
      await expect(forTenant(tenant, () => rows.count('due', {}, 1))).rejects.toThrow('all tenants');
      await expect(forTenant(tenant, () => rows.list('due', { limit: 1 }))).rejects.toThrow('all tenants');
    }
    expect(asked).toEqual([]);
  });

  it.each(['acme/a', '../a', 'a/', ''])('refuse %j as an id', async (id) => {
    const { asked, rows } = recordingPorts();
    for (const tenant of ['default', 'acme']) {
      await expect(forTenant(tenant, () => rows.find(id))).rejects.toThrow(RangeError);
    }
    expect(asked).toEqual([]);
  });
});

it('the kernel and the stack name the same default tenant', () => {
  expect(schema.defaultTenant).toBe(defaultTenant);
});

describe('the keys of routes', () => {
  const place = { eventId: 'e1', path: 'name' };
  const all = new FixedKeys();
  const keys = dividedKeys(all);
  const stream = 'dispense/a';

  it.each(['acme', 'default'])(
    'open the values of the streams of the tenant %s, by plain names',
    async (tenant) => {
      const whole = tenant === 'default' ? stream : `dispense/${tenant}/a`;
      const envelope = (await all.create(whole)).encrypt(whole, place, 'Ada');
      const [found, one] = await forTenant(tenant, async () => [
        await keys.findAll([stream, 'dispense/none']),
        await keys.find(stream),
      ]);
      expect([...found.keys()]).toEqual([stream]);
      expect([one?.decrypt(stream, envelope), found.get(stream)?.decrypt(stream, envelope)]).toEqual([
        'Ada',
        'Ada',
      ]);
      expect(one?.mac('x')).toBe((await all.find(whole))?.mac('x'));
    },
  );

  it('are not those of another tenant', async () => {
    await all.create('dispense/acme/b');
    expect(await forTenant('rival', () => keys.find('dispense/b'))).toBeUndefined();
    for (const name of ['dispense/acme/b', tenantKeyName('acme')])
      await expect(forTenant('rival', () => keys.find(name))).rejects.toThrow(RangeError);
  });

  it('are also the key of the tenant itself', async () => {
    const name = tenantKeyName('acme');
    const created = await forTenant('acme', () => keys.create(name));
    expect(created.id).toBe((await all.find(name))?.id);
  });

  it('encrypt what only their stream opens', async () => {
    const key = await forTenant('acme', () => keys.create('dispense/c'));
    const envelope = key.encrypt('dispense/c', place, 'Ada');
    expect((await all.find('dispense/acme/c'))?.decrypt('dispense/acme/c', envelope)).toBe('Ada');
  });
});
