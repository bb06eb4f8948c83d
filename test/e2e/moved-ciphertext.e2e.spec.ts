import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accepted, CanaryCaller, canary, canaryDrug, canaryMarks } from '../support/canary.ts';
import { appendForged, eventOf, replaceLast, type StoredEventData } from '../support/forged-commit.ts';
import { httpClient, type Reply } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { MarkFinder } from '../support/marks.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

/** The answer to a caller of what the log names `unreadable-event`. */
const unreadable = 'urn:streamfold:problem:internal-error';

describe('a ciphertext that somebody who may write to the table moves', () => {
  let host: TestHost;
  let inside: InsideHost;
  let caller: CanaryCaller;
  const lines: string[] = [];
  const call = httpClient(() => host.httpUrl);
  beforeAll(async () => {
    host = await startTestHost({ onFunctionLog: (_name, line) => lines.push(line) });
    inside = new InsideHost(host);
    caller = new CanaryCaller(call, () => host.httpUrl);
  }, 120_000);
  afterAll(() => host?.stop());

  /** A dispense of the person, with drugs, whose row is there. */
  const prepared = async (key: string): Promise<string> => {
    const id = await caller.start(key);
    await accepted(caller.addPatient(id));
    await accepted(caller.addDrugs(id));
    await until(
      () => call('GET', `/dispenses/${id}`),
      ({ body }) => body['version'] === 3,
    );
    return id;
  };
  const fresh = { 'cache-control': 'no-cache' };
  /** What is answered where somebody reads the events of a dispense at this version. */
  const reads = (id: string, version: number): Promise<readonly Reply[]> =>
    Promise.all([
      call('GET', `/streams/dispense/${id}`),
      call('GET', `/dispenses/${id}?version=${version}`),
      call('GET', `/dispenses/${id}`, undefined, fresh),
    ]);
  const parked = async (id: string) =>
    (await inside.query('ControlParked', 'consumer', 'dispense')).filter(
      ({ subject }) => subject?.S === `dispense/${id}`,
    );
  const finder = new MarkFinder(canaryMarks);
  const expectQuotesNothing = (...texts: readonly unknown[]) =>
    expect(finder.in(Buffer.from(JSON.stringify(texts)))).toEqual([]);

  it('to another event is refused by commands and views, and parks the stream', async () => {
    const id = await prepared('to another event');
    const stream = `dispense/${id}`;
    const { data } = await eventOf(inside, stream, 'Dispense:DrugsAdded');
    await appendForged(inside, stream, { type: 'Dispense:DrugsAdded', schemaVersion: 2, data });
    const replies = [...(await reads(id, 4)), await caller.addDrugs(id, [canaryDrug], 'after it')];
    expect(replies.map(({ body }) => body['type'])).toEqual(replies.map(() => unreadable));
    expect(lines.join('')).toContain('unreadable-event');
    const [row] = await until(
      () => parked(id),
      (rows) => rows.length > 0,
    );
    expectQuotesNothing(
      replies.map(({ body }) => body),
      row,
      lines,
    );
    // Its row stays as it was, and another dispense is not affected.
    expect((await call('GET', `/dispenses/${id}`)).body).toMatchObject({ version: 3, patient: canary });
    await prepared('beside it');
  }, 60_000);

  it('to another field of its event is refused by commands and views', async () => {
    const id = await caller.start('to another field');
    await accepted(caller.addPatient(id));
    const swapped = (event: StoredEventData) => {
      const { name, identifier } = event.data;
      return { ...event, data: { ...event.data, name: identifier, identifier: name } };
    };
    await replaceLast(inside, `dispense/${id}`, swapped);
    const [history, past] = await reads(id, 2);
    // A new process has no state in memory.
    expect([history, past].map((reply) => reply?.body['type'])).toEqual([unreadable, unreadable]);
    expectQuotesNothing(history?.body, past?.body, lines);
  }, 60_000);

  it('to another stream, in the same event and field, shows nothing of the other person', async () => {
    const [from, to] = [await prepared('from'), await caller.start('to')];
    const event = await eventOf(inside, `dispense/${from}`, 'Dispense:PatientAdded');
    await accepted(caller.addPatient(to, { name: 'Somebody Else', birthDate: '2000-01-01' }));
    await appendForged(inside, `dispense/${to}`, event);
    for (const { status, body } of await reads(to, 3)) {
      expect([200, 500]).toContain(status);
      expectQuotesNothing(body, lines);
    }
  }, 60_000);

  it('and one whose bytes are changed, are refused by views', async () => {
    const id = await caller.start('changed');
    await accepted(caller.addPatient(id));
    await replaceLast(inside, `dispense/${id}`, (event) => {
      const { name } = event.data as { readonly name: { readonly enc: string } };
      // The last byte of the ciphertext.
      const bytes = Buffer.from(name.enc, 'base64url');
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return { ...event, data: { ...event.data, name: { ...name, enc: bytes.toString('base64url') } } };
    });
    // Whether the row was written before decides what the third shows.
    const replies = (await reads(id, 2)).slice(0, 2);
    expect(replies.map(({ body }) => body['type'])).toEqual(replies.map(() => unreadable));
    expectQuotesNothing(
      replies.map(({ body }) => body),
      lines,
    );
  }, 60_000);
});
