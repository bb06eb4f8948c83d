import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuilderName } from '../../schema/projections.ts';
import {
  accepted,
  CanaryCaller,
  canary,
  canaryDrug,
  canaryMarks,
  canaryReason,
  corrected,
  documentMarks,
  longVersions,
  namelessText,
  namingText,
} from '../support/canary.ts';
import { destinationFaults } from '../support/destination-faults.ts';
import { httpClient } from '../support/http-client.ts';
import { appWithOneRetry } from '../support/impatient-app.ts';
import { InsideHost } from '../support/inside-host.ts';
import { searchEverywhere } from '../support/raw-search.ts';
import { askRebuilder, rebuild } from '../support/rebuild.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const deadlineMs = 120_000;
const nothing = () => false;

describe('a canary person goes through everything, and is stored nowhere in plain form:', () => {
  let folder: string;
  let host: TestHost;
  let inside: InsideHost;
  let caller: CanaryCaller;
  let id: string;
  const lines: string[] = [];
  const faults = {
    refusesMessage: nothing as (body: string) => boolean,
    throttles: nothing as (key: string) => boolean,
  };
  const call = httpClient(() => host.httpUrl);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-canary-'));
    await appWithOneRetry(join(folder, 'app'), { snapshotThreshold: 3, generationSettleSeconds: 4 });
    host = await startTestHost({
      assemblyFolder: join(folder, 'app'),
      persistFolder: join(folder, 'data'),
      interceptCalls: destinationFaults(faults),
      onFunctionLog: (_name, line) => lines.push(line),
      onWarning: (line) => lines.push(line),
    });
    inside = new InsideHost(host);
    caller = new CanaryCaller(call, () => host.httpUrl);
  }, deadlineMs);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const dispense = async (of = id) => (await call('GET', `/dispenses/${of}`)).body;
  const untilDispense = (accept: (body: Record<string, unknown>) => boolean, of = id) =>
    until(() => dispense(of), accept, 60_000);
  /** Fails if a store has the person anywhere, and if there was nothing to search. */
  const expectNoCanary = async () => {
    const place = { awsUrl: host.awsUrl, lines, spans: host.receivedSpans().resourceSpans };
    const inStores = await searchEverywhere(canaryMarks, place, (where) => /^bucket \S*document/.test(where));
    expect(inStores.found).toEqual([]);
    for (const kind of ['tables', 'table streams', 'event streams', 'queues', 'logs', 'spans'])
      expect([kind, inStores.searched[kind]]).not.toEqual([kind, 0]);
    // Files are searched as they are. Those of the engine of S3 have the documents.
    const others = Object.fromEntries(
      Object.entries(canaryMarks).filter(([name]) => !documentMarks.includes(name)),
    );
    const inFiles = await searchEverywhere(others, { ...place, folder: join(folder, 'data') });
    expect(inFiles.found).toEqual([]);
    expect(inFiles.searched['files']).toBeGreaterThan(100_000);
    const named = await searchEverywhere(canaryMarks, { ...place, folder: join(folder, 'data') }, (where) =>
      /^bucket \S*document|^file queues/.test(where),
    );
    expect(named.found).toEqual([]);
  };

  it(
    'a dispense with patient and drugs, and the answers name the person',
    async () => {
      id = await caller.start();
      await accepted(caller.addPatient(id));
      await accepted(caller.addPatient(id));
      await accepted(caller.addDrugs(id));
      const row = await untilDispense(({ version }) => version === 3);
      expect(row).toMatchObject({ patient: canary, drugs: [canaryDrug] });
      expect((await call('GET', '/dispenses')).body['items']).toMatchObject([{ patient: canary }]);
      const { body } = await call('GET', `/streams/dispense/${id}`);
      expect(JSON.stringify(body)).toContain(JSON.stringify(canary.name));
      await expectNoCanary();
    },
    deadlineMs,
  );

  it(
    'requests that are refused',
    async () => {
      const statuses = await caller.refusals(id);
      expect(statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
      for (const status of [400, 404, 409, 412, 422]) expect(statuses).toContain(status);
      await expectNoCanary();
    },
    deadlineMs,
  );

  it(
    'a correction',
    async () => {
      await accepted(caller.correct(id));
      await untilDispense(({ patient }) => JSON.stringify(patient).includes(corrected.name));
      await expectNoCanary();
    },
    deadlineMs,
  );

  it(
    'a text that does not name the person, and one that does',
    async () => {
      for (const text of [namelessText, namingText]) {
        const other = await caller.start(`${text.length} farthingale 1931-07-19`);
        await accepted(caller.addPatient(other, canary, `${text.length} Farthingale again`));
        await caller.upload(other, text);
        const row = await untilDispense(
          ({ prescription }) => (prescription as { analysis?: object } | undefined)?.analysis !== undefined,
          other,
        );
        expect(JSON.stringify(row)).toContain(
          text === namingText ? 'gooseberry cordial' : 'three times daily',
        );
        await expectNoCanary();
      }
    },
    deadlineMs,
  );

  it(
    'commits that wait for a destination, and one that a destination refuses',
    async () => {
      const waiting = await caller.start('the waiting Farthingale');
      faults.throttles = (partitionKey) => partitionKey.includes(waiting);
      faults.refusesMessage = (body) => body.includes(waiting);
      await accepted(caller.addPatient(waiting, canary, 'Farthingale waits'));
      await accepted(caller.addDrugs(waiting));
      await until(
        async () => [
          ...(await inside.query('ControlWaiting', 'destination', 'event-stream')),
          ...(await inside.query('ControlParked', 'consumer', 'publisher/todo')),
        ],
        (items) => items.length >= 2,
        60_000,
      );
      await expectNoCanary();
      Object.assign(faults, { throttles: nothing, refusesMessage: nothing });
      await inside.invoke('publisher', { redrive: true });
      await until(
        () => inside.invoke('publisher', { drain: true }).then(() => dispense(waiting)),
        ({ version }) => version === 3,
        60_000,
      );
    },
    deadlineMs,
  );

  it(
    'a batch that a projector gives up, in the failure bucket',
    async () => {
      const restore = await inside.deleteTable('DispenseReadModel');
      await accepted(caller.addDrugs(id, [{ ...canaryDrug, quantity: 4 }], 'more for Farthingale'));
      const { awsUrl } = host;
      const failures = () => searchEverywhere({ bucket: 'requestContext' }, { awsUrl, lines: [] });
      await until(failures, ({ found }) => found.some((place) => /^bucket \S*failure/.test(place)), 60_000);
      await expectNoCanary();
      await restore();
      await inside.invoke(rebuilderName, { action: 'repair', stream: `dispense/${id}` });
      await untilDispense(({ version }) => Number(version) >= 4);
    },
    deadlineMs,
  );

  it(
    'a rebuild and a repair',
    async () => {
      const ask = askRebuilder(inside);
      for (const readModel of ['dispense', 'todo'] as const) {
        const { generation } = await rebuild(ask, readModel);
        await ask({ action: 'switch', readModel, generation });
      }
      await inside.invoke(rebuilderName, { action: 'repair', stream: `dispense/${id}` });
      await untilDispense(({ patient }) => JSON.stringify(patient).includes('Farthingale'));
      await expectNoCanary();
    },
    deadlineMs,
  );

  it(
    'a history that is so long that it is sealed in segments',
    async () => {
      const long = await caller.start('the long Farthingale');
      await accepted(caller.addPatient(long));
      await caller.lengthen(long);
      await inside.invoke('segment-sealer', { stream: `dispense/${long}` });
      expect(await inside.query('Segments', 'stream', `dispense/${long}`)).not.toEqual([]);
      const { body } = await call('GET', `/dispenses/${long}?version=${longVersions}`);
      expect(JSON.stringify(body)).toContain('Farthingale');
      await expectNoCanary();
    },
    deadlineMs,
  );

  it(
    'the end of the dispense',
    async () => {
      await accepted(caller.cancel(id));
      const row = await untilDispense(({ state }) => state === 'cancelled');
      expect(row['cancelReason']).toBe(canaryReason);
      await expectNoCanary();
    },
    deadlineMs,
  );
});
