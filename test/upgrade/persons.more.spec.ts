import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { canary, canaryDrug, canaryMarks, corrected, namelessText } from '../support/canary.ts';
import { httpClient } from '../support/http-client.ts';
import { MarkFinder } from '../support/marks.ts';
import { Persons } from '../support/persons.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { fresh } from './asked.ts';
import { describeWithBaseline } from './describe-with-baseline.ts';
import type { ApiAnswer, ApiRequest } from './direct-api.ts';
import { onOldHost } from './old-host.ts';
import { type Item, RunningSystem } from './running-system.ts';

const deadlineMs = 240_000;
const person = { ...canary };
const drugs = [canaryDrug];

describeWithBaseline('persons of before', () => {
  let folder: string;
  let host: TestHost;
  let system: RunningSystem;
  /** Commands to the old system, by what they did. */
  const old: Record<string, { readonly request: ApiRequest; readonly answer: ApiAnswer }> = {};
  const ids: Record<string, string> = {};
  const call = httpClient(() => host.httpUrl);
  const persons = new Persons(call);
  const finder = new MarkFinder(canaryMarks);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-persons-'));
    await onOldHost(folder)('all run', write);
    host = await startTestHost({ persistFolder: folder });
    system = new RunningSystem(host.awsUrl);
  }, deadlineMs);
  afterAll(async () => {
    system?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the old system gets: a dispense that ends, one that stays open, and one without a patient. */
  async function write(running: RunningSystem): Promise<void> {
    const send = async (name: string, path: string, body?: object | string) => {
      const method = typeof body === 'string' ? 'PUT' : 'POST';
      const headers = { 'idempotency-key': `farthingale ${name}` };
      const request: ApiRequest = { method, path, headers, ...(body !== undefined && { body }) };
      const answer = await running.call(request);
      if (answer.status > 201) throw new Error(`${path} was answered ${answer.status}.`);
      old[name] = { request, answer };
      return answer.body as { readonly id: string };
    };
    for (const name of ['ended', 'open', 'empty']) ids[name] = (await send(name, '/dispenses', {})).id;
    for (const name of ['ended', 'open'])
      await send(`${name} patient`, `/dispenses/${ids[name]}/patient`, person);
    await send('ended drugs', `/dispenses/${ids['ended']}/drugs`, { drugs });
    await send('ended end', `/dispenses/${ids['ended']}/complete`, {});
    await send('open upload', `/dispenses/${ids['open']}/prescription`, namelessText);
    await until(
      () => running.call({ method: 'GET', path: `/dispenses/${ids['open']}`, headers: fresh }),
      ({ body }) => (body as { state: string }).state === 'ready',
    );
  }

  const shown = (name: string, query = '') =>
    call('GET', `/dispenses/${ids[name]}${query}`, undefined, fresh);
  const commitsOf = async (name: string): Promise<readonly Item[]> => {
    const items = await system.items('EventLogTable');
    return items
      .filter(({ stream }) => stream?.S === `dispense/${ids[name]}`)
      .sort((a, b) => Number(a['version']?.N) - Number(b['version']?.N));
  };
  const isPlain = (item: Item | undefined) => finder.in(Buffer.from(JSON.stringify(item))).length > 0;

  it('are readable, and in clear in the log', async () => {
    for (const name of ['ended', 'open']) expect((await shown(name)).body).toMatchObject({ patient: person });
    expect((await shown('ended', '?version=2')).body).toMatchObject({ patient: person });
    const { body } = await call('GET', `/streams/dispense/${ids['open']}`);
    expect(finder.in(Buffer.from(JSON.stringify(body)))).not.toEqual([]);
    // The keys of their callers are in clear too, so only the events count here.
    const events = (await commitsOf('ended')).map(({ events }) => ({ events }) as Item);
    expect(events.filter(isPlain)).toHaveLength(2);
  });

  it('keep their answers to retries with the keys of before', async () => {
    for (const { request, answer } of Object.values(old)) expect(await system.call(request)).toEqual(answer);
    const [first] = Object.values(old);
    const reused = {
      ...first?.request,
      path: `/dispenses/${ids['open']}/patient`,
      body: corrected,
    } as ApiRequest;
    const key = old['open patient']?.request.headers ?? {};
    expect(await system.call({ ...reused, headers: key })).toMatchObject({ status: 422 });
  });

  it('go on, and what is added to them is encrypted', async () => {
    const before = (await commitsOf('open')).length;
    const add: ApiRequest = {
      method: 'POST',
      path: `/dispenses/${ids['open']}/drugs`,
      headers: { 'idempotency-key': 'farthingale new drugs' },
      body: { drugs },
    };
    const answer = await system.call(add);
    expect(answer.status).toBe(200);
    expect(await system.call(add)).toEqual(answer);
    expect((await shown('open')).body).toMatchObject({ patient: person, drugs });
    const added = (await commitsOf('open')).slice(before);
    expect(added).toHaveLength(1);
    expect(added.filter(isPlain)).toEqual([]);

    await call('POST', `/dispenses/${ids['empty']}/patient`, person);
    expect((await shown('empty')).body).toMatchObject({ patient: person });
    const [, ...addedToEmpty] = await commitsOf('empty');
    expect(addedToEmpty).toHaveLength(1);
    expect(addedToEmpty.filter(isPlain)).toEqual([]);
  });

  it('are not found until they are corrected', async () => {
    const found = await persons.found(person.identifier);
    const streams = async () => (await call('GET', `/persons/${found}`)).body['streams'];
    // The one that got its patient now.
    expect(await streams()).toEqual([`dispense/${ids['empty']}`]);
    const { status } = await call('POST', `/dispenses/${ids['open']}/patient/correct`, corrected);
    expect(status).toBe(200);
    await until(streams, (all) => (all as string[]).length === 2, 60_000);
    expect((await shown('open')).body).toMatchObject({ patient: corrected });
  }, 90_000);

  it(
    'are erased as far as they are encrypted',
    async () => {
      const found = await persons.found(person.identifier, 2);
      expect((await persons.erase(found)).status).toBe(200);
      await persons.erased(found);
      await host.stop();
      system.close();
      host = await startTestHost({ persistFolder: folder });
      system = new RunningSystem(host.awsUrl);
      const erased = { erased: true };
      const { body } = await shown('open');
      expect(body).toMatchObject({
        patient: { name: erased, birthDate: erased, identifier: erased },
        drugs: [erased],
      });
      expect((await shown('empty')).body).toMatchObject({ patient: { name: erased } });
      // The event of before is in clear, as docs/privacy.md says.
      expect((await shown('open', '?version=2')).body).toMatchObject({ patient: person });
      expect(await system.objects('Documents?Bucket')).toEqual([]);
      expect(await persons.search({ identifier: person.identifier })).toEqual([]);
      expect((await call('POST', `/dispenses/${ids['open']}/cancel`, { reason: 'late' })).status).toBe(409);
      // Nobody linked it to the person.
      expect((await shown('ended')).body).toMatchObject({ patient: person });
    },
    deadlineMs,
  );
});
