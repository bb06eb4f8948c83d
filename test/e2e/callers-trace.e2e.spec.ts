import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { Persons } from '../support/persons.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const deadlineMs = 180_000;
const patient = { name: 'Xanthe Quillfeather', birthDate: '1961-07-03', identifier: 'XQ 7351' };

let host: TestHost;
let inside: InsideHost;
beforeAll(async () => {
  host = await startTestHost({ traces: false });
  inside = new InsideHost(host);
}, deadlineMs);
afterAll(() => host?.stop());

const call = httpClient(() => host.httpUrl);
const persons = new Persons(call);
const contextOf = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

/** The trace contexts of a stream's commits. */
async function contextsOf(stream: string): Promise<(string | undefined)[]> {
  const commits = await inside.query('EventLogTable', 'stream', stream);
  return commits.map(({ traceparent }) => traceparent?.S);
}

it(
  'a stage that traces nothing hands on the trace of a caller, also through its automations and their queues',
  async () => {
    const send = (path: string, body: object | undefined, traceparent: string) =>
      call('POST', path, body, { 'idempotency-key': randomUUID(), traceparent });
    const id = String((await send('/dispenses', undefined, `${contextOf('1')}-more`)).body['id']);
    await send(`/dispenses/${id}/patient`, patient, contextOf('2').replace('00-', '01-'));
    const upload = await fetch(`${host.httpUrl}/dispenses/${id}/prescription`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', traceparent: contextOf('3') },
      body: 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days\n',
    });
    expect(upload.status).toBe(200);
    // Malformed, later version, and the upload with its analysis: by the analyzer, and the recorder behind a queue of our own.
    const before = [undefined, contextOf('2'), contextOf('3'), contextOf('3')];
    await until(
      () => contextsOf(`dispense/${id}`),
      ({ length }) => length === before.length,
      deadlineMs,
    );
    const personId = await persons.found(patient.identifier);
    await send(`/persons/${personId}/erase`, { legalGround: 'objection' }, contextOf('4'));
    await persons.erased(personId);
    expect(await contextsOf(`dispense/${id}`)).toEqual([...before, contextOf('4')]);
    expect(await contextsOf(`person/${personId}`)).toEqual([contextOf('4'), contextOf('4')]);
  },
  deadlineMs,
);
