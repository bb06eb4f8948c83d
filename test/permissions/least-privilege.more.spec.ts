import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromItem, toItem } from '../../lambdas/kernel/dynamodb/index.ts';
import { type Commit, firstGeneration, idOfStream } from '../../lambdas/kernel/index.ts';
import { encodeCommit } from '../../lambdas/messaging/published-commit.ts';
import {
  aggregateNames,
  type ContextName,
  contextNames,
  publishedQueueNames,
} from '../../schema/contexts.ts';
import { projectorName } from '../../schema/names.ts';
import type { ForgetReport, VerifierReport } from '../../schema/projections.ts';
import { eventLogTable } from '../../schema/tables.ts';
import { collectionDeadlineMs, failuresOfRun } from '../support/bruno-collection.ts';
import { damage, storedItems } from '../support/damage.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost, type Item } from '../support/inside-host.ts';
import { Persons } from '../support/persons.ts';
import { askRebuilder, rebuild, removeGivenUp } from '../support/rebuild.ts';
import { appThatSettlesIn } from '../support/settling-app.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { uploadPrescription } from '../support/upload-prescription.ts';
import { creditsCommit, drugsCommit, holdsCommit, patientCommit, uploadCommit } from './commits-after.ts';
import { compare } from './least-privilege.ts';
import { exceptions } from './privilege-exceptions.ts';
import { recordedCommit, unreadable } from './recorded-commit.ts';

const fresh = { 'cache-control': 'no-cache' };
/** The stage's snapshot threshold: the event at which a stream gets its first snapshot. */
const snapshotThreshold = 100;

interface Parking {
  readonly name: string;
  readonly parked: number;
}

/**
 * Makes every function do everything it can do, on a host where functions may only do what their roles allow. The last step
 * compares their calls with their grants. The steps before it cause the rare calls.
 */
describe('least privilege', () => {
  let folder: string;
  let host: TestHost;
  let inside: InsideHost;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-privileges-'));
    await appThatSettlesIn(4, folder);
    host = await startTestHost({ assemblyFolder: folder });
    inside = new InsideHost(host);
  }, 60_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = httpClient(() => host.httpUrl);
  const create = async (path: string, json: object) => String((await call('POST', path, json)).body['id']);
  const commitsOf = (stream: string) => inside.query('EventLogTable', 'stream', stream);
  const committed = async (stream: string): Promise<Commit[]> =>
    (await commitsOf(stream)).map((item) => fromItem(item, eventLogTable));
  /** The number of parked streams of each consumer, by its name. */
  const parked = async (): Promise<Record<string, number>> => {
    const { publisher, projectors, queueConsumers } = (await call('GET', '/health')).body as unknown as {
      publisher: Parking;
      projectors: Parking[];
      queueConsumers: Parking[];
    };
    return Object.fromEntries(
      [publisher, ...projectors, ...queueConsumers].map(({ name, parked: count }) => [name, count]),
    );
  };

  it('a dispense with an idempotency key is started', async () => {
    const started = await call('POST', '/dispenses', undefined, { 'idempotency-key': 'first' });
    expect(started.status).toBe(201);
  });

  it(
    'all requests of the collection',
    async () => {
      const variables = { baseUrl: host.httpUrl, awsUrl: host.awsUrl };
      expect(await failuresOfRun({ variables, sandbox: 'developer' })).toEqual([]);
    },
    collectionDeadlineMs + 10_000,
  );

  it('unreadable streams of every context are parked, and redriven when they are readable', async () => {
    const commits = await Promise.all(aggregateNames.map(recordedCommit));
    for (const commit of commits)
      await inside.put('EventLogTable', toItem(unreadable(commit), eventLogTable));
    const consumers = [...aggregateNames, 'todo-metrics', 'todo-dispense'];
    await until(parked, (counts) => consumers.every((name) => counts[name] === 1));
    for (const commit of commits) await inside.put('EventLogTable', toItem(commit, eventLogTable));
    for (const name of contextNames) await inside.invoke(projectorName(name), { redrive: true });
    expect(await parked()).toMatchObject(Object.fromEntries(consumers.map((name) => [name, 0])));

    // Their rows answer the queries of every context: those without a parameter, and those for one id.
    const ids = commits.map(({ stream }) => idOfStream(stream));
    for (const path of await queryPaths()) {
      for (const id of ids) {
        const url = host.httpUrl + path.replace(/\{\w+\}/, id);
        // The answer for a document is a redirect to another host.
        const { status } = await fetch(url, { redirect: 'manual' });
        expect({ path, isFault: status >= 500 }).toEqual({ path, isFault: false });
      }
    }
  });

  /** The paths of the API that answer GET, and have at most one parameter. */
  const queryPaths = async () => {
    const paths = (await call('GET', '/openapi.json')).body['paths'] as Record<string, object>;
    return Object.keys(paths).filter((path) => 'get' in (paths[path] ?? {}) && path.split('{').length <= 2);
  };

  it('an instance of the API that has met no patient yet finds the keys of a page', async () => {
    // The instance that created the keys has them in memory. Requests at the same time start others.
    const pages = await Promise.all(Array.from({ length: 4 }, () => call('GET', '/dispenses')));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('a record of the log that is not a commit is parked', async () => {
    await inside.put('EventLogTable', { stream: { S: 'odd' }, version: { N: '1' } });
    await until(parked, (counts) => counts['publisher'] === 1);
  });

  it('commits that wait for a destination, or were refused by it, are published again', async () => {
    const id = await create('/dispenses', {});
    const [started] = await committed(`dispense/${id}`);
    const { stream = '', version = 1, committedAt = '' } = started ?? {};
    const place = { stream: { S: stream }, version: { N: String(version) } };
    const at = { S: committedAt };
    await inside.put('ControlWaiting', {
      destination: { S: 'event-stream' },
      commit: { S: `${committedAt} ${stream}@${version}` },
      ...place,
      committedAt: at,
      waitingSince: at,
    });
    expect(await inside.invoke('publisher', { drain: true })).toMatchObject([
      { published: 1 },
      ...publishedQueueNames.map(() => ({})),
    ]);
    const parkedFor = { consumer: { S: 'publisher/todo' }, subject: { S: `${stream}@${version}` } };
    await inside.put('ControlParked', { ...parkedFor, reason: { S: 'refused' } });
    expect(await inside.invoke('publisher', { redrive: true })).toMatchObject([
      {},
      ...publishedQueueNames.map((name) => (name === 'todo' ? { published: 1 } : {})),
    ]);
  });

  it('a long stream gets a snapshot', async () => {
    const id = await create('/metrics', { name: 'Long' });
    const values = Array.from({ length: snapshotThreshold }, (_, value) => ({ value }));
    expect(await call('POST', `/metrics/${id}/values`, values)).toMatchObject({ status: 200 });
    expect(await inside.query('Snapshots', 'stream', `metrics/${id}`)).toHaveLength(1);
  });

  it('a long account and a long dispense get one', async () => {
    const account = await create('/ledger', { currency: 'USD' });
    for (let credits = 1; credits < snapshotThreshold; credits += 1) {
      await call('POST', `/ledger/${account}/credits`, { amount: 1 });
    }
    expect(await inside.query('Snapshots', 'stream', `ledger/${account}`)).toHaveLength(1);
    const dispense = await create('/dispenses', {});
    const [started] = await committed(`dispense/${dispense}`);
    const between = drugsCommit(started as Commit, snapshotThreshold - 2);
    await inside.put('EventLogTable', toItem(between, eventLogTable));
    await call('POST', `/dispenses/${dispense}/patient`, { name: 'Jane Sample', birthDate: '1980-02-29' });
    expect(await inside.query('Snapshots', 'stream', `dispense/${dispense}`)).toHaveLength(1);
  });

  it('a long history is sealed, its past is read from segments, and what is damaged is sealed again', async () => {
    const id = await create('/ledger', { currency: 'USD' });
    const stream = `ledger/${id}`;
    const [opened] = await committed(stream);
    await inside.put('EventLogTable', toItem(creditsCommit(opened as Commit, 1_000), eventLogTable));
    const parts = () => inside.query('Segments', 'stream', stream);
    const isRow = ({ part }: Item) => part?.S === 'state#0000000000001001';
    const isSealed = (items: Item[]) =>
      items.some(({ part, version }) => part?.S === 'head' && version?.N === '1001');
    const row = (await until(parts, isSealed)).find(isRow);
    const past = async (query: string) => (await call('GET', `/ledger/${id}?${query}`)).body['version'];
    const { committedAt = '' } = opened ?? {};
    expect([await past('version=1001'), await past(`at=${committedAt}`)]).toEqual([1_001, 1_001]);
    await inside.put('Segments', { ...row, row: { S: '{}' } });
    expect(await past('version=1001')).toBe(1_001);
    await until(
      async () => (await parts()).find(isRow),
      (mended) => mended?.['row']?.S === row?.['row']?.S,
    );
  });

  it('a sweep expires a target with the event that causes a snapshot, and does not repeat it', async () => {
    const id = await create('/metrics', { name: 'Late' });
    const values = Array.from({ length: snapshotThreshold - 3 }, (_, value) => ({ value }));
    await call('POST', `/metrics/${id}/values`, values);
    const deadline = new Date(Date.now() + 300).toISOString();
    await call('POST', `/metrics/${id}/targets`, { value: 1_000_000, deadline });
    const row = await until(
      async () =>
        (await inside.query('MetricsReadModel', 'pk', `${firstGeneration}#${id}`)).find(
          ({ sk }) => sk?.S === 'row',
        ),
      (item) => item?.['version']?.N === String(snapshotThreshold - 1),
    );
    await until(
      () => call('GET', `/metrics/${id}`, undefined, fresh),
      ({ body }) => body['status'] === 'expired',
    );
    const commits = async () => (await commitsOf(`metrics/${id}`)).length;
    const before = await commits();
    // A run that stopped half way noted its place. The next run replaces it.
    await inside.put('ControlTable', { name: { S: 'place/metrics-sweep' }, place: { S: deadline } });
    // Not all metrics are filed by status.
    await inside.put('ControlTable', { name: { S: 'place/metrics-filing' }, place: { S: 'after ' } });
    await inside.invoke('metrics-sweeper', {});
    expect(await commits()).toBe(before + 1);
    expect(await inside.query('Snapshots', 'stream', `metrics/${id}`)).toHaveLength(1);
    await until(
      () => call('GET', `/metrics/${id}`),
      ({ body }) => body['version'] === snapshotThreshold,
    );
    // The row is out of date, which is allowed: the sweep finds its own command.
    await inside.put('MetricsReadModel', row as Item);
    await inside.invoke('metrics-sweeper', {});
    expect(await commits()).toBe(before + 1);
  });

  it('an analysis is recorded with the event that causes a snapshot, and is not repeated', async () => {
    const id = await create('/dispenses', {});
    const [started] = await committed(`dispense/${id}`);
    const between = drugsCommit(started as Commit, snapshotThreshold - 3);
    await inside.put('EventLogTable', toItem(between, eventLogTable));
    await uploadPrescription(host, id);
    await until(
      () => inside.query('Snapshots', 'stream', `dispense/${id}`),
      (snapshots) => snapshots.length === 1,
    );
    const commits = await committed(`dispense/${id}`);
    const uploaded = commits.at(-2) as Commit;
    // Again as a notification without events, so that the analyzer reads the log; and one whose document has been deleted.
    await analyze(encodeCommit({ ...uploaded, events: [] }));
    const swept = uploaded.events.map((event) => ({ ...event, data: { ...event.data, key: randomUUID() } }));
    await analyze(encodeCommit({ ...uploaded, events: swept }));
    // The recorder has handled the findings of all three.
    await until(findingsLeft, (left) => left === 0);
    expect(await commitsOf(`dispense/${id}`)).toHaveLength(commits.length);
    await call('POST', `/dispenses/${id}/cancel`, { reason: 'Not needed.' });
    await expect(uploadPrescription(host, id)).rejects.toThrow('409'); // The API discards the document.
  });

  const findingsLeft = async () => {
    const { queues } = (await call('GET', '/health')).body as unknown as {
      queues: { name: string; waiting: number; inProgress: number; givenUp: number }[];
    };
    const { waiting = 1, inProgress = 1, givenUp = 1 } = queues.find(({ name }) => name === 'findings') ?? {};
    return waiting + inProgress + givenUp;
  };

  const analyze = async (body: string) => {
    const record = { messageId: randomUUID(), body, attributes: { ApproximateReceiveCount: '1' } };
    expect(await inside.invoke('prescription-analyzer', { Records: [record] })).toEqual({
      batchItemFailures: [],
    });
  };

  it('a person is found, corrected and erased with the event that causes a snapshot; what comes late is erased too', async () => {
    const persons = new Persons(call);
    const patient = { name: 'Jane Sample', birthDate: '1980-02-29', identifier: 'LP 1' };
    const id = await create('/dispenses', {});
    const [started] = await committed(`dispense/${id}`);
    // Upload, analysis, patient, correction and erasure follow.
    const between = drugsCommit(started as Commit, snapshotThreshold - 6);
    await inside.put('EventLogTable', toItem(between, eventLogTable));
    await uploadPrescription(host, id);
    await until(
      () => commitsOf(`dispense/${id}`),
      ({ length }) => length === 4,
    );
    await call('POST', `/dispenses/${id}/patient`, patient);
    await persons.found(patient.identifier);
    await call('POST', `/dispenses/${id}/patient/correct`, { ...patient, identifier: 'LP 2' });
    const personId = await persons.found('LP 2');
    await call('POST', `/persons/${personId}/hold`);
    // The request for the erasure follows, then its end.
    await longHolds(personId, snapshotThreshold - 2);
    await persons.erase(personId);
    await persons.erased(personId);
    for (const stream of [`dispense/${id}`, `person/${personId}`]) {
      expect(await inside.query('Snapshots', 'stream', stream)).toHaveLength(1);
    }

    const late = await create('/dispenses', {});
    const [first] = await committed(`dispense/${late}`);
    await inside.put('EventLogTable', toItem(patientCommit(first as Commit, personId), eventLogTable));
    await until(
      () => commitsOf(`dispense/${late}`),
      ({ length }) => length === 3,
    );
    const body = JSON.stringify({
      type: 'late-stream',
      stream: `dispense/${late}`,
      person: `person/${personId}`,
    });
    const record = { messageId: randomUUID(), body };
    expect(await inside.invoke('person-eraser', { Records: [record] })).toEqual({ batchItemFailures: [] });
    expect(await commitsOf(`dispense/${late}`)).toHaveLength(3);
    expect(await inside.invoke('person-eraser', { restored: true })).toMatchObject({ finished: true });
  });

  it('the export of a person says that a document is gone', async () => {
    const id = await create('/dispenses', {});
    const [started] = await committed(`dispense/${id}`);
    await inside.put('EventLogTable', toItem(uploadCommit(started as Commit), eventLogTable));
    const patient = { name: 'Jane Sample', birthDate: '1980-02-29', identifier: 'LP 3' };
    await call('POST', `/dispenses/${id}/patient`, patient);
    const personId = await new Persons(call).found(patient.identifier);
    const { status, body } = await call('GET', `/persons/${personId}/export`);
    // The analyzer may have recorded what it found of the document.
    const document = expect.objectContaining({ content: { erased: true } });
    const events = expect.arrayContaining([expect.objectContaining({ documents: [document] })]);
    expect({ status, body }).toMatchObject({ status: 200, body: { streams: [{ events }] } });
  });

  /** Places and lifts holds of a person who has one, until the stream has this number of events. */
  const longHolds = async (personId: string, version: number) => {
    const [placed] = await committed(`person/${personId}`);
    await inside.put('EventLogTable', toItem(holdsCommit(placed as Commit, version - 1), eventLogTable));
  };

  it('a person with many holds gets a snapshot', async () => {
    const id = await personWithHold();
    await longHolds(id, snapshotThreshold - 1);
    expect(await call('POST', `/persons/${id}/hold/lift`)).toMatchObject({ status: 200 });
    expect(await inside.query('Snapshots', 'stream', `person/${id}`)).toHaveLength(1);
  });

  /** The id of a new person, who is the patient of one dispense. */
  const personWithHold = async () => {
    const identifier = randomUUID();
    const patient = { name: 'Jane Sample', birthDate: '1980-02-29', identifier };
    await call('POST', `/dispenses/${await create('/dispenses', {})}/patient`, patient);
    const id = await new Persons(call).found(identifier);
    expect(await call('POST', `/persons/${id}/hold`)).toMatchObject({ status: 200 });
    return id;
  };

  it('rows that differ in every read model are found and repaired', async () => {
    const ids = {
      ledger: await create('/ledger', { currency: 'USD', overdraftLimit: 1_000 }),
      metrics: await create('/metrics', { name: 'Damaged' }),
      dispense: await create('/dispenses', {}),
      person: await personWithHold(),
    };
    await sealLongAccount(`ledger/${ids.ledger}`);
    // A stream that is parked, because it cannot be folded.
    await inside.put('EventLogTable', toItem(unreadable(await recordedCommit('ledger')), eventLogTable));
    const rows: Partial<Record<ContextName, string>> = { ...ids, todo: `dispense/${ids.dispense}` };
    for (const [name, id] of Object.entries(rows) as [ContextName, string][]) {
      await until(
        () => storedItems(inside, name, id),
        (items) => items.some(({ sk }) => sk?.S === 'row'),
      );
      await damage(inside, name, { id, part: /^row$/, fields: { odd: 1 } });
    }
    const streams = Object.entries(ids).map(([name, id]) => `${name}/${id}`);
    const differing = async () => {
      const report = (await inside.invoke('verifier', { sample: 'all' })) as VerifierReport;
      return report.differences.map(({ stream }) => stream).filter((stream) => streams.includes(stream));
    };
    expect(new Set(await differing())).toEqual(new Set(streams));
    for (const stream of streams) {
      expect(await inside.invoke('rebuilder', { action: 'repair', stream })).toMatchObject({ stream });
    }
    expect(await differing()).toEqual([]);
  });

  /** Appends so many commits that readers look for segments, and seals them. */
  const sealLongAccount = async (stream: string) => {
    const [opened] = await committed(stream);
    let last = opened as Commit;
    for (let commits = 1; commits <= 210; commits += 1) {
      last = creditsCommit(last, 10);
      await inside.put('EventLogTable', toItem(last, eventLogTable));
    }
    expect(await inside.invoke('segment-sealer', { stream })).toMatchObject({ done: true });
  };

  it('snapshots and segments are forgotten', async () => {
    await inside.put('EventLogSegments', { stream: { S: 'ledger/odd' }, part: { S: 'head' } });
    const report = (await inside.invoke('rebuilder', { action: 'forget' })) as ForgetReport;
    expect(report.snapshots).toBeGreaterThan(0);
    expect(report.segments).toBeGreaterThan(0);
  });

  it('every read model is rebuilt, and the generation before is deleted', async () => {
    const ask = askRebuilder(inside);
    // Cannot be folded, so that a rebuild parks it.
    for (const commit of await Promise.all(aggregateNames.map(recordedCommit)))
      await inside.put('EventLogTable', toItem(unreadable(commit), eventLogTable));
    for (const readModel of contextNames) {
      const { generation, folded } = await rebuild(ask, readModel, { segments: 2 });
      expect(folded.some(({ parked }) => parked > 0)).toBe(true);
      await ask({ action: 'hold', readModel, generation, owner: 'nobody' }).catch(() => undefined);
      await ask({ action: 'switch', readModel, generation });
      await ask({ action: 'undo', readModel });
      await ask({ action: 'undo', readModel });
      await ask({ action: 'drop', readModel });
      expect((await removeGivenUp(ask, readModel)).every(({ done }) => done)).toBe(true);
      await ask({ action: 'begin', readModel, segments: 1 });
      await ask({ action: 'discard', readModel });
    }
  }, 120_000);

  it('every call was allowed, and every grant was used', () => {
    const { violations, stale, table } = compare(host.calls, host.grants, exceptions);
    process.stdout.write(`${table}\n`);
    expect(violations).toEqual([]);
    expect(stale).toEqual([]);
  });
});
