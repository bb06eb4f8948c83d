import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { Persons } from '../support/persons.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { uploadPrescription } from '../support/upload-prescription.ts';

const deadlineMs = 180_000;
const patient = { name: 'Xanthe Quillfeather', birthDate: '1961-07-03', identifier: 'XQ 7351' };

const question = { identifier: patient.identifier, birthDate: patient.birthDate };

let host: TestHost;
let inside: InsideHost;
beforeAll(async () => {
  host = await startTestHost();
  inside = new InsideHost(host);
}, deadlineMs);
// Also fails if a function made a call that its role does not allow.
afterAll(() => host.stop());

const call = httpClient(() => host.httpUrl);
const persons = new Persons(call);

async function dispenseOf(who: typeof patient): Promise<string> {
  const { body } = await call('POST', '/dispenses', undefined, { 'idempotency-key': randomUUID() });
  const id = String(body['id']);
  const added = await call('POST', `/dispenses/${id}/patient`, who, { 'idempotency-key': randomUUID() });
  expect(added.status).toBeLessThan(300);
  return id;
}

it(
  'finds a person by the identifier, and erases all of their dispenses, with keys, documents and links, once',
  async () => {
    const ids = [await dispenseOf(patient), await dispenseOf({ ...patient, identifier: 'xq7351' })];
    const other = await dispenseOf({ ...patient, identifier: 'XQ 7352' });
    await uploadPrescription(host, ids[0]);
    const personId = await persons.found(patient.identifier, 2);
    expect((await persons.erase(personId)).status).toBeLessThan(300);
    const { body } = await persons.erased(personId);
    expect(body).toMatchObject({ legalGround: 'consent-withdrawn', erasedStreams: 2, streams: [] });
    expect(await persons.search(question)).toEqual([]);
    for (const id of ids) {
      expect(await inside.query('SubjectKeys', 'subject', `dispense/${id}`)).toEqual([]);
      const events = await call('GET', `/streams/dispense/${id}`);
      const types = (events.body['items'] as { type: string }[]).map(({ type }) => type);
      expect(types.filter((type) => type === 'Dispense:Erased')).toHaveLength(1);
    }
    expect(await inside.query('SubjectKeys', 'subject', `dispense/${other}`)).toHaveLength(1);
    expect(await persons.found('XQ 7352')).not.toBe(personId);
    // A new dispense of the same person is of a new person, as far as anybody can tell.
    const again = await dispenseOf(patient);
    const found = await until(
      () => persons.search(question),
      ({ length }) => length === 1,
    );
    expect(found).not.toEqual([personId]);
    expect(
      (await call('GET', `/dispenses/${again}`, undefined, { 'cache-control': 'no-cache' })).body,
    ).toMatchObject({ patient });
  },
  deadlineMs,
);
