import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contextNames } from '../../schema/contexts.ts';
import { rebuilderName } from '../../schema/projections.ts';
import { answersAbout } from '../support/answers-about.ts';
import {
  accepted,
  CanaryCaller,
  canary,
  canaryDrug,
  canaryKey,
  canaryMarks,
  corrected,
  hashOf,
  namelessText,
  namingText,
  otherDrug,
  otherPerson,
  otherText,
} from '../support/canary.ts';
import { destinationFaults } from '../support/destination-faults.ts';
import { confirmed, guessesAboutCanary } from '../support/dictionary.ts';
import { commitsOf, eventsOf } from '../support/forged-commit.ts';
import { httpClient, type Reply } from '../support/http-client.ts';
import { appWithOneRetry } from '../support/impatient-app.ts';
import { InsideHost, type Item } from '../support/inside-host.ts';
import { MarkFinder } from '../support/marks.ts';
import { Persons } from '../support/persons.ts';
import { searchEverywhere } from '../support/raw-search.ts';
import { askRebuilder, rebuild } from '../support/rebuild.ts';
import { documentPlaces, filesIn, type StoredBytes, stores } from '../support/stored-bytes.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const deadlineMs = 180_000;
const erased = { erased: true };
const fresh = { 'cache-control': 'no-cache' };
const nothing = () => false;

describe('a person who was erased', () => {
  let folder: string;
  let host: TestHost;
  let inside: InsideHost;
  /** A dispense that was cancelled, one that stays open with a document, one with a segment, and one whose row is not written yet. */
  let ids: Record<'ended' | 'open' | 'long' | 'waiting', string>;
  let beside: string;
  let personId: string;
  let before: { readonly log: readonly Item[]; readonly rows: readonly Item[]; readonly other: unknown };
  let at: string;
  const lines: string[] = [];
  const faults = {
    refusesMessage: nothing as (body: string) => boolean,
    throttles: nothing as typeof nothing,
  };
  const call = httpClient(() => host.httpUrl);
  const caller = new CanaryCaller(call, () => host.httpUrl);
  const persons = new Persons(call);
  const finder = new MarkFinder(canaryMarks);

  const start = async () => {
    host = await startTestHost({
      assemblyFolder: join(folder, 'app'),
      persistFolder: join(folder, 'data'),
      interceptCalls: destinationFaults(faults),
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
  const repair = (id: string) => inside.invoke(rebuilderName, { action: 'repair', stream: `dispense/${id}` });
  const upload = async (id: string, text: string) => {
    await caller.upload(id, text);
    await until(
      () => call('GET', `/dispenses/${id}`),
      ({ body }) => (body['prescription'] as { analysis?: object } | undefined)?.analysis !== undefined,
      60_000,
    );
  };
  /** A batch with a commit of the person ends in the failure bucket. The rows are lost, and written again. */
  const loseBatch = async (id: string, all: readonly string[]) => {
    const restore = await inside.deleteTable('DispenseReadModel');
    await accepted(caller.correct(id));
    const failures = () => searchEverywhere({ bucket: 'requestContext' }, { awsUrl: host.awsUrl, lines: [] });
    await until(failures, ({ found }) => found.some((place) => /^bucket \S*failure/.test(place)), 60_000);
    await restore();
    for (const each of all) await repair(each);
  };
  /** The event stream and a queue of the publisher refuse what this dispense commits. */
  const startWaiting = async () => {
    const id = await caller.start(`${canaryKey} waits`);
    Object.assign(faults, {
      throttles: (partitionKey: string) => partitionKey.includes(id),
      refusesMessage: (body: string) => body.includes(id) && body.includes('DrugsAdded'),
    });
    await accepted(caller.addPatient(id, canary, `${canaryKey} waits too`));
    await accepted(caller.addDrugs(id));
    return id;
  };
  /** How many of its commits wait for the event stream, and how many are parked. */
  const heldOf = async (id: string) => {
    const waiting = await inside.query('ControlWaiting', 'destination', 'event-stream');
    const parked = await inside.query('ControlParked', 'consumer', 'publisher/todo');
    return [waiting, parked].map((items) => items.filter((item) => JSON.stringify(item).includes(id)).length);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-erasure-'));
    await appWithOneRetry(join(folder, 'app'), { snapshotThreshold: 3, generationSettleSeconds: 2 });
    await start();
    const [ended, open] = [await caller.start(), await caller.start(`${canaryKey} again`)];
    const long = await caller.start(`${canaryKey} is long`);
    beside = await caller.start('other');
    await accepted(caller.addPatient(ended));
    await accepted(caller.correct(ended));
    await accepted(caller.addDrugs(ended));
    await accepted(caller.cancel(ended));
    await accepted(caller.addPatient(open, corrected));
    for (const text of [namelessText, namingText]) await upload(open, text);
    await accepted(caller.addPatient(long, canary, `${canaryKey} is long too`));
    await caller.lengthen(long);
    await inside.invoke('segment-sealer', { stream: `dispense/${long}` });
    await accepted(caller.addPatient(beside, otherPerson, 'of another person'));
    await upload(beside, otherText);
    await loseBatch(open, [ended, open, long, beside]);
    ids = { ended, open, long, waiting: await startWaiting() };
    personId = await persons.found(canary.identifier, 4);
    await persons.found(otherPerson.identifier);
    const streams = await Promise.all([ended, open].map((id) => commitsOf(inside, `dispense/${id}`)));
    const rows = await Promise.all([ended, open].map(rowsOf));
    before = {
      log: streams.flat(),
      rows: rows.flat(),
      other: (await call('GET', `/dispenses/${beside}`)).body,
    };
    at = new Date().toISOString();
    await accepted(persons.erase(personId));
    await persons.erased(personId);
  }, 2 * deadlineMs);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const expectErased = async () => {
    const versions = [1, 2, 3, 4, 100];
    const asked = { dispenses: Object.values(ids), personId, at, versions };
    for await (const { path, status, text, link } of answersAbout(host.httpUrl, asked)) {
      expect({ path, isFailure: status >= 500 }).toEqual({ path, isFailure: false });
      expect({ path, marks: finder.in(Buffer.from(text)) }).toEqual({ path, marks: [] });
      if (link !== null) expect({ path, status: (await fetch(link)).status }).toEqual({ path, status: 404 });
    }
    for (const id of Object.values(ids)) {
      const { status, body } = await call('GET', `/dispenses/${id}`, undefined, fresh);
      expect({ status, patient: body['patient'] }).toMatchObject({
        status: 200,
        patient: { name: erased, birthDate: erased, identifier: erased },
      });
    }
    expect(await persons.search({ identifier: canary.identifier })).toEqual([]);
  };

  it(
    'is erased in every answer as soon as its rows say so, while processes still have its keys',
    async () => {
      for (const id of [ids.ended, ids.open, ids.long]) {
        await until(
          () => call('GET', `/dispenses/${id}`),
          ({ body }) => body['erasedAt'] !== undefined,
          60_000,
        );
      }
      await expectErased();
      await restart();
    },
    deadlineMs,
  );

  it(
    'is erased in every answer, also about the past, and in what snapshots and segments have',
    async () => {
      await expectErased();
      const past = await call('GET', `/dispenses/${ids.ended}?version=4`);
      expect(past).toMatchObject({ status: 200, body: { patient: { name: erased }, drugs: [erased] } });
      for (const query of ['?version=100', `?at=${at}`]) {
        const { status, body } = await call('GET', `/dispenses/${ids.long}${query}`);
        expect({ status, patient: body['patient'] }).toMatchObject({
          status: 200,
          patient: { name: erased },
        });
      }
      const { body } = await call('GET', `/streams/dispense/${ids.ended}`);
      expect(body['items']).toContainEqual(
        expect.objectContaining({
          type: 'Dispense:Cancelled',
          data: expect.objectContaining({ reason: erased }),
        }),
      );
      expect(await inside.query('Segments', 'stream', `dispense/${ids.long}`)).not.toEqual([]);
      expect(await inside.query('Snapshots', 'stream', `dispense/${ids.ended}`)).not.toEqual([]);
    },
    deadlineMs,
  );

  it(
    'has one event that says so in each stream, and every command is refused',
    async () => {
      for (const id of Object.values(ids)) {
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
      const todos = await call('GET', `/todos?status=open&subject=dispense/${ids.open}`);
      expect(todos.body['items']).toEqual([]);
    },
    deadlineMs,
  );

  it(
    'leaves the other person as before, who can go on',
    async () => {
      const links = ({ body }: Reply) =>
        JSON.parse(JSON.stringify(body).replace(/"url":"[^"]*"/g, '"url":""'));
      expect(links(await call('GET', `/dispenses/${beside}`))).toEqual(before.other);
      expect(await persons.search({ identifier: otherPerson.identifier })).toHaveLength(1);
      await accepted(caller.addDrugs(beside, [otherDrug], 'more'));
      const { body } = await call('GET', `/dispenses/${beside}`, undefined, fresh);
      expect(body).toMatchObject({ patient: otherPerson, drugs: [otherDrug] });
    },
    deadlineMs,
  );

  it(
    'has no document any more, in no version and in no file',
    async () => {
      const named = { line: 'purple elbows', directions: 'gooseberry cordial' };
      const place = { awsUrl: host.awsUrl, folder: join(folder, 'data'), lines };
      const { found, searched } = await searchEverywhere(named, place);
      expect(found).toEqual([]);
      expect(searched['files']).toBeGreaterThan(100_000);
      // That of the other person.
      expect(await documentPlaces(host.awsUrl)).toHaveLength(1);
    },
    deadlineMs,
  );

  it(
    'cannot be confirmed by whoever has everything that is left, and guesses right',
    async () => {
      const everything = async function* (): AsyncIterable<StoredBytes> {
        for (const read of Object.values(stores)) yield* read(host.awsUrl);
        yield* filesIn(join(folder, 'data'));
        yield { place: 'logs', bytes: Buffer.from(lines.join('\n')) };
      };
      const guesses = guessesAboutCanary(Object.values(ids));
      const { found, searchedBytes } = await confirmed(guesses, everything());
      expect(found).toEqual([]);
      expect(searchedBytes).toBeGreaterThan(100_000);
      // The attack finds the hash of a text that is stored as such.
      const plain = Readable.from([{ place: 'a log', bytes: Buffer.from(hashOf(canary.name)) }]);
      expect((await confirmed(guesses, plain)).found).not.toEqual([]);
    },
    deadlineMs,
  );

  it(
    'stays erased when what waited and what was parked is sent',
    async () => {
      const { waiting } = ids;
      expect(await heldOf(waiting)).not.toContain(0);
      Object.assign(faults, { refusesMessage: nothing, throttles: nothing });
      await inside.invoke('publisher', { redrive: true });
      await until(
        () => inside.invoke('publisher', { drain: true }).then(() => call('GET', `/dispenses/${waiting}`)),
        ({ body }) => body['version'] === 4,
        60_000,
      );
      await expectErased();
    },
    deadlineMs,
  );

  it(
    'stays erased after redrive, rebuild and repair',
    async () => {
      const ask = askRebuilder(inside);
      for (const name of ['dispense', 'todo', 'person'])
        await inside.invoke(`${name}-projector`, { redrive: true });
      await Promise.all(
        contextNames.map(async (readModel) => {
          const { generation, compared } = await rebuild(ask, readModel);
          expect(compared.flatMap(({ differences }) => Object.keys(differences))).toEqual([]);
          await ask({ action: 'switch', readModel, generation });
        }),
      );
      await repair(ids.ended);
      // Queries follow the switch within two seconds.
      await until(
        () => call('GET', `/dispenses/${ids.ended}`),
        ({ headers }) => headers.get('etag')?.includes('g2') === true,
      );
      await expectErased();
    },
    deadlineMs,
  );

  it(
    'stays erased when the log of before is restored, and nobody can go on with it',
    async () => {
      for (const id of [ids.ended, ids.open]) {
        const last = (await commitsOf(inside, `dispense/${id}`)).at(-1) as Item;
        await inside.delete('EventLogTable', { stream: last['stream'], version: last['version'] } as Item);
      }
      for (const item of before.log) await inside.put('EventLogTable', item);
      for (const item of before.rows) await inside.put('DispenseReadModel', item);
      await restart();
      await expectErased();
      await repair(ids.open);
      await expectErased();
      // The stream has ciphertexts, and no key: a new one would hide that.
      expect(await caller.addDrugs(ids.open, [otherDrug], 'after the restore')).toMatchObject({
        status: 409,
        body: { type: expect.stringMatching(/:erased$/) },
      });
    },
    deadlineMs,
  );
});
