import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contextNames } from '../../schema/contexts.ts';
import { rebuilderName } from '../../schema/projections.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import {
  accepted,
  CanaryCaller,
  canary,
  canaryDrug,
  canaryKey,
  canaryMarks,
  canaryReason,
  corrected,
  hashOf,
  namelessText,
  namingText,
} from '../support/canary.ts';
import { confirmed, type Guesses } from '../support/dictionary.ts';
import { commitsOf, eventsOf } from '../support/forged-commit.ts';
import { httpClient, type Reply } from '../support/http-client.ts';
import { InsideHost, type Item } from '../support/inside-host.ts';
import { MarkFinder } from '../support/marks.ts';
import { Persons } from '../support/persons.ts';
import { searchEverywhere } from '../support/raw-search.ts';
import { askRebuilder, rebuild } from '../support/rebuild.ts';
import { filesIn, type StoredBytes, stores } from '../support/stored-bytes.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const deadlineMs = 180_000;
const erased = { erased: true };
const other = { name: 'Zebediah Quill', birthDate: '1950-05-05', identifier: 'ZQ 1950 0505' };

describe('a person who was erased', () => {
  let folder: string;
  let host: TestHost;
  let inside: InsideHost;
  let ended: string;
  let open: string;
  let beside: string;
  let personId: string;
  let before: { readonly log: readonly Item[]; readonly rows: readonly Item[]; readonly other: unknown };
  let erasedAt: string;
  const lines: string[] = [];
  const call = httpClient(() => host.httpUrl);
  const caller = new CanaryCaller(call, () => host.httpUrl);
  const persons = new Persons(call);
  const finder = new MarkFinder(canaryMarks);

  const start = async () => {
    const settings = { snapshotThreshold: 3, generationSettleSeconds: 4 };
    const assemblyFolder = await synthesize(join(import.meta.dirname, '../..'), { settings });
    host = await startTestHost({
      assemblyFolder,
      persistFolder: folder,
      onFunctionLog: (_name, line) => lines.push(line),
    });
    inside = new InsideHost(host);
  };
  /** New processes have no keys in memory: what is true in them is true for all once the time of the cache is over. */
  const restart = async () => {
    await host.stop();
    await start();
  };
  const rowsOf = (id: string) => inside.query('DispenseReadModel', 'pk', `g1#${id}`);
  const untilVersion = (id: string, version: number) =>
    until(
      () => call('GET', `/dispenses/${id}`),
      ({ body }) => Number(body['version']) >= version,
      60_000,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-erasure-'));
    await start();
    [ended, open, beside] = [
      await caller.start(),
      await caller.start(`${canaryKey} again`),
      await caller.start('other'),
    ];
    await accepted(caller.addPatient(ended));
    await accepted(caller.correct(ended));
    await accepted(caller.addDrugs(ended));
    await accepted(caller.cancel(ended));
    await accepted(caller.addPatient(open, corrected));
    for (const text of [namelessText, namingText]) {
      await caller.upload(open, text);
      await until(
        () => call('GET', `/dispenses/${open}`),
        ({ body }) => (body['prescription'] as { analysis?: object } | undefined)?.analysis !== undefined,
        60_000,
      );
    }
    await accepted(caller.addPatient(beside, other, 'of another person'));
    await caller.upload(beside, namelessText);
    await until(
      () => call('GET', `/dispenses/${beside}`),
      ({ body }) => (body['prescription'] as { analysis?: object } | undefined)?.analysis !== undefined,
      60_000,
    );
    personId = await persons.found(canary.identifier, 2);
    await persons.found(other.identifier);
    const streams = await Promise.all([ended, open].map((id) => commitsOf(inside, `dispense/${id}`)));
    const rows = await Promise.all([ended, open].map(rowsOf));
    before = {
      log: streams.flat(),
      rows: rows.flat(),
      other: (await call('GET', `/dispenses/${beside}`)).body,
    };
    erasedAt = new Date().toISOString();
    await accepted(persons.erase(personId));
    await persons.erased(personId);
    await restart();
  }, 2 * deadlineMs);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** An answer as text, and the link to a document if it has one. */
  const get = async (path: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(host.httpUrl + path, { headers, redirect: 'manual' });
    const { status } = response;
    return { status, text: await response.text(), link: response.headers.get('location') };
  };
  /** Every answer about the person that a route can give. */
  const answers = async () => {
    const pathsOf = (id: string) => [
      `/dispenses/${id}`,
      ...[1, 2, 3, 4].map((version) => `/dispenses/${id}?version=${version}`),
      `/dispenses/${id}?at=${erasedAt}`,
      `/dispenses/${id}/prescription`,
      `/streams/dispense/${id}`,
      `/todos?subject=dispense/${id}`,
    ];
    const paths = [
      ...[ended, open].flatMap(pathsOf),
      '/dispenses',
      '/dispenses?state=cancelled',
      '/todos',
      '/persons',
      `/persons/${personId}`,
      `/persons/${personId}/export`,
      `/streams/person/${personId}`,
    ];
    const all = [];
    for (const path of paths) {
      for (const headers of [{}, { 'cache-control': 'no-cache' }])
        all.push({ path, ...(await get(path, headers)) });
    }
    return all;
  };
  const expectErased = async () => {
    for (const { path, status, text, link } of await answers()) {
      expect({ path, isFailure: status >= 500 }).toEqual({ path, isFailure: false });
      expect({ path, marks: finder.in(Buffer.from(text)) }).toEqual({ path, marks: [] });
      if (link !== null) expect({ path, status: (await fetch(link)).status }).toEqual({ path, status: 404 });
    }
    for (const id of [ended, open]) {
      for (const headers of [{}, { 'cache-control': 'no-cache' }]) {
        const { status, body } = await call('GET', `/dispenses/${id}`, undefined, headers);
        expect({ status, patient: body['patient'] }).toMatchObject({
          status: 200,
          patient: { name: erased, birthDate: erased, identifier: erased },
        });
      }
    }
    expect(await persons.search({ identifier: canary.identifier })).toEqual([]);
  };

  it(
    'is erased in every answer',
    async () => {
      await expectErased();
      const past = await call('GET', `/dispenses/${ended}?version=4`);
      expect(past).toMatchObject({
        status: 200,
        body: { patient: { name: erased }, drugs: [erased] },
      });
      const { body } = await call('GET', `/streams/dispense/${ended}`);
      expect(body['items']).toContainEqual(
        expect.objectContaining({
          type: 'Dispense:Cancelled',
          data: expect.objectContaining({ reason: erased }),
        }),
      );
    },
    deadlineMs,
  );

  it(
    'has one event that says so in each stream, and every command is refused',
    async () => {
      for (const id of [ended, open]) {
        const types = (await commitsOf(inside, `dispense/${id}`)).flatMap(eventsOf).map(({ type }) => type);
        expect(types.filter((type) => type === 'Dispense:Erased')).toEqual(['Dispense:Erased']);
        expect(types.at(-1)).toBe('Dispense:Erased');
        for (const sent of [
          caller.addPatient(id, canary, 'new'),
          caller.addDrugs(id, [canaryDrug], 'new drugs'),
          caller.correct(id),
          caller.cancel(id),
        ])
          expect(await sent).toMatchObject({
            status: 409,
            body: { type: expect.stringMatching(/:(dispense\/)?erased$/) },
          });
      }
      const ofPerson = (await commitsOf(inside, `person/${personId}`))
        .flatMap(eventsOf)
        .map(({ type }) => type);
      expect(ofPerson).toEqual(['Person:ErasureRequested', 'Person:Erased']);
      const todos = (await call('GET', `/todos?status=open&subject=dispense/${open}`)).body['items'];
      expect(todos).toEqual([]);
    },
    deadlineMs,
  );

  it(
    'leaves the other person as before, who can go on',
    async () => {
      const links = ({ body }: Reply) =>
        JSON.parse(JSON.stringify(body).replace(/"url":"[^"]*"/g, '"url":""'));
      expect(links(await call('GET', `/dispenses/${beside}`))).toEqual(before.other);
      expect(await persons.search({ identifier: other.identifier })).toHaveLength(1);
      await accepted(caller.addDrugs(beside, [canaryDrug], 'more'));
      const { body } = await call('GET', `/dispenses/${beside}`, undefined, { 'cache-control': 'no-cache' });
      expect(body).toMatchObject({ patient: other, drugs: [canaryDrug] });
    },
    deadlineMs,
  );

  it(
    'has no document any more, in no version and in no file',
    async () => {
      const named = { line: 'purple elbows', directions: 'gooseberry cordial' };
      const { found, searched } = await searchEverywhere(named, { awsUrl: host.awsUrl, folder, lines });
      expect(found).toEqual([]);
      expect(searched['files']).toBeGreaterThan(100_000);
      const documents = new Set<string>();
      for await (const { place } of stores['buckets']?.(host.awsUrl) ?? []) {
        if (/document/.test(place) && !place.endsWith('metadata')) documents.add(place);
      }
      // That of the other person.
      expect([...documents]).toHaveLength(1);
    },
    deadlineMs,
  );

  it(
    'cannot be confirmed by whoever has everything that is left, and guesses right',
    async () => {
      const everything = async function* (): AsyncIterable<StoredBytes> {
        for (const read of Object.values(stores)) yield* read(host.awsUrl);
        yield* filesIn(folder);
        yield { place: 'logs', bytes: Buffer.from(lines.join('\n')) };
      };
      const guesses = dictionary();
      const { found, searchedBytes } = await confirmed(guesses, everything());
      expect(found).toEqual([]);
      expect(searchedBytes).toBeGreaterThan(100_000);
      // The attack finds what is there: the hash of a text that was stored as such.
      const stored = async function* (): AsyncIterable<StoredBytes> {
        yield { place: 'a log', bytes: Buffer.from(`{"sha256":"${hashOf(canary.name)}"}`) };
      };
      expect((await confirmed(guesses, stored())).found).not.toEqual([]);
    },
    deadlineMs,
  );

  /** What an attacker knows who met the person. */
  function dictionary(): Guesses {
    const keys = [
      canaryKey,
      `${canaryKey} again`,
      `${canaryKey} patient`,
      `${canaryKey} drugs`,
      `${canaryKey} upload ${namelessText.length}`,
    ];
    const commands = [ended, open].flatMap((id) => [
      { id, intent: ['AddPatient', canary] },
      { id, intent: ['AddPatient', corrected] },
      { id, intent: ['CorrectPatient', corrected] },
      { id, intent: ['AddDrugs', { drugs: [canaryDrug] }] },
      { id, intent: ['Cancel', { reason: canaryReason }] },
      { id, intent: ['UploadPrescription', hashOf(namelessText)] },
      { id, intent: ['UploadPrescription', { sha256: hashOf(namelessText) }] },
      { id, intent: ['UploadPrescription', hashOf(namingText), 'text/plain'] },
    ]);
    const documents = { 'a document': namelessText, 'a document that names': namingText };
    return { values: { ...canaryMarks, ...documents }, keys, commands, actors: [null] };
  }

  it(
    'stays erased after redrive, rebuild and repair',
    async () => {
      const ask = askRebuilder(inside);
      for (const name of ['dispense', 'todo', 'person'])
        await inside.invoke(`${name}-projector`, { redrive: true });
      for (const readModel of contextNames) {
        const { generation, compared } = await rebuild(ask, readModel);
        expect(compared.flatMap(({ differences }) => Object.keys(differences))).toEqual([]);
        await ask({ action: 'switch', readModel, generation });
      }
      await inside.invoke(rebuilderName, { action: 'repair', stream: `dispense/${ended}` });
      // Queries follow the switch within two seconds.
      await until(
        () => call('GET', `/dispenses/${ended}`),
        ({ headers }) => headers.get('etag')?.includes('g2') === true,
      );
      await expectErased();
    },
    deadlineMs,
  );

  it(
    'stays erased when the log of before is restored',
    async () => {
      const dynamodb = new InsideHost(host);
      for (const id of [ended, open]) {
        const last = (await commitsOf(dynamodb, `dispense/${id}`)).at(-1) as Item;
        await dynamodb.delete('EventLogTable', { stream: last['stream'], version: last['version'] } as Item);
      }
      for (const item of before.log) await dynamodb.put('EventLogTable', item);
      for (const item of before.rows) await dynamodb.put('DispenseReadModel', item);
      await restart();
      await expectErased();
      await inside.invoke(rebuilderName, { action: 'repair', stream: `dispense/${open}` });
      await untilVersion(open, 3);
      await expectErased();
    },
    deadlineMs,
  );
});
