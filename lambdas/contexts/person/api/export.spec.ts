import { describe, expect, it } from '@jest/globals';
import { scopeNames } from '../../../../schema/scopes.ts';
import { type StreamName, streamName } from '../../../kernel/index.ts';
import { wholeApi } from '../../whole-api.fixture.ts';

const scope = scopeNames.join(' ');
const patient = { name: 'Jane Sample', birthDate: '1984-02-29', identifier: 'INS-7351' };
const text = 'Amoxicillin 500 mg capsule, 21';

interface Exported {
  readonly streams: readonly {
    readonly stream: string;
    readonly row?: object;
    readonly events: readonly {
      readonly type: string;
      readonly data: object;
      readonly documents?: readonly { readonly content: unknown; readonly sizeBytes: number }[];
    }[];
  }[];
  readonly next?: string;
}

async function newApi() {
  const api = await wholeApi();
  const claims = { sub: 'officer', scope };
  const post = async (path: string, json?: object) => {
    const { status, body } = await api.call('POST', path, { claims, json });
    expect(status).toBeLessThan(300);
    return body as { id: string };
  };
  const upload = async (id: string, document: Buffer) => {
    const base64 = document.toString('base64');
    const path = `/dispenses/${id}/prescription`;
    expect((await api.call('PUT', path, { claims, base64 })).status).toBe(200);
  };
  return {
    ...api,
    post,
    upload,
    /** A dispense with the patient. */
    dispense: async (): Promise<string> => {
      const { id } = await post('/dispenses');
      await post(`/dispenses/${id}/patient`, patient);
      return id;
    },
    read: (query = '', scopes = scope, path = '/persons/00000000-0000-4000-8000-00006a616e65/export') =>
      api.call('GET', path, { claims: { sub: 'officer', scope: scopes }, query }),
    /** All files of the export of the person. */
    files: async (): Promise<Exported[]> => {
      const files: Exported[] = [];
      for (let query = ''; files.length < 50; ) {
        const { status, body } = await api.call(
          'GET',
          '/persons/00000000-0000-4000-8000-00006a616e65/export',
          { claims, query },
        );
        expect(status).toBe(200);
        files.push(body);
        if (body.next === undefined) return files;
        query = `cursor=${body.next}`;
      }
      throw new Error('The export has no end.');
    },
  };
}

describe('the export of a person', () => {
  it('is a file with the streams, their rows as shown, and their documents', async () => {
    const api = await newApi();
    const id = await api.dispense();
    await api.upload(id, Buffer.from(text));
    await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold').catch(() => undefined);
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams: [`dispense/${id}`] });
    const { status, headers, body } = await api.read();
    expect({ status, headers }).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'content-disposition': 'attachment; filename="person-00000000-0000-4000-8000-00006a616e65.json"',
      },
    });
    const claims = { sub: 'officer', scope };
    const fresh = { 'cache-control': 'no-cache' };
    const shown = await api.call('GET', `/dispenses/${id}`, { claims, headers: fresh });
    expect(body).toMatchObject({
      id: '00000000-0000-4000-8000-00006a616e65',
      streams: [{ stream: `dispense/${id}`, row: shown.body }],
    });
    expect(body.next).toBeUndefined();
    const [{ events }] = body.streams;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'Dispense:Started',
      'Dispense:PatientAdded',
      'Dispense:PrescriptionUploaded',
    ]);
    expect(events[1].data).toMatchObject(patient);
    expect(events[2].documents).toEqual([
      { contentType: 'text/plain', sizeBytes: text.length, content: Buffer.from(text).toString('base64') },
    ]);
    expect(JSON.stringify(body)).not.toContain('officer');
  });

  it('begins with the holds and erasures of the person', async () => {
    const api = await newApi();
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams: [] });
    expect((await api.read()).body.streams).toEqual([]);
    await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold');
    const { streams } = (await api.read()).body as Exported;
    expect(streams).toMatchObject([
      { stream: 'person/00000000-0000-4000-8000-00006a616e65', events: [{ type: 'Person:HoldPlaced' }] },
    ]);
  });

  it('has every document that was uploaded, also those that were replaced, in files that can be answered', async () => {
    const api = await newApi();
    const id = await api.dispense();
    const documents = [1, 2, 3].map((n) =>
      Buffer.alloc(n === 2 ? 4 * 1024 * 1024 : 1_500_000, `text ${n}\n`),
    );
    for (const document of documents) await api.upload(id, document);
    const other = await api.dispense();
    api.addPerson({
      personId: '00000000-0000-4000-8000-00006a616e65',
      streams: [`dispense/${id}`, `dispense/${other}`].toSorted() as StreamName[],
    });
    const files = await api.files();
    expect(files.length).toBeGreaterThan(2);
    const events = files.flatMap(({ streams }) => streams).flatMap((part) => part.events);
    expect(events).toHaveLength(7);
    const contents = events.flatMap(({ documents: found = [] }) => found.map(({ content }) => content));
    expect(contents).toEqual(documents.map((document) => document.toString('base64')));
    const rows = files.flatMap(({ streams }) => streams.flatMap(({ row }) => row ?? []));
    expect(rows).toHaveLength(2);
  });

  it('of many streams is in several files, each stream once', async () => {
    const api = await newApi();
    const ids = await Promise.all(Array.from({ length: 130 }, api.dispense));
    const streams = ids.map((id) => streamName('dispense', id)).toSorted();
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams });
    await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold');
    const files = await api.files();
    const found = files.flatMap((file) => file.streams.map(({ stream }) => stream));
    expect(found).toEqual(['person/00000000-0000-4000-8000-00006a616e65', ...streams]);
    const withRow = files.flatMap((file) => file.streams.flatMap(({ stream, row }) => (row ? [stream] : [])));
    expect(withRow).toEqual(streams);
    expect(files.length).toBeGreaterThan(5);
  });

  it('goes on after a stream that is unlinked meanwhile', async () => {
    const api = await newApi();
    const ids = await Promise.all(Array.from({ length: 30 }, api.dispense));
    const streams = ids.map((id) => streamName('dispense', id)).toSorted();
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams });
    const first = (await api.read()).body as Required<Exported>;
    const seen = first.streams.length;
    api.addPerson({
      personId: '00000000-0000-4000-8000-00006a616e65',
      streams: streams.filter((_, index) => index !== seen),
    });
    const second = (await api.read(`cursor=${first.next}`)).body as Exported;
    expect(second.streams.map(({ stream }) => stream)).toEqual(streams.slice(seen + 1));
  });

  it('shows what was erased as erased: documents that are no longer stored', async () => {
    const api = await newApi();
    const id = await api.dispense();
    await api.upload(id, Buffer.from(text));
    const [key = ''] = api.documents.statuses.keys();
    await api.documents.discard(key);
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams: [`dispense/${id}`] });
    const [{ streams } = { streams: [] }] = await api.files();
    expect(streams[0]?.events.at(-1)?.documents).toMatchObject([{ content: { erased: true } }]);
  });

  it('shows values whose key is destroyed as erased, in events and rows, and those of other streams as before', async () => {
    const api = await newApi();
    const [one, two] = [await api.dispense(), await api.dispense()];
    const streams = [one, two].map((id) => streamName('dispense', id));
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams: streams.toSorted() });
    const partOf = (file: Exported | undefined, id: string) =>
      file?.streams.find(({ stream }) => stream === `dispense/${id}`);
    api.keys.destroy(`dispense/${one}`);
    const [file] = await api.files();
    const gone = { erased: true };
    const erasedPatient = { name: gone, birthDate: gone, identifier: gone };
    expect(partOf(file, one)).toMatchObject({
      row: { patient: erasedPatient },
      events: [{}, { data: erasedPatient }],
    });
    expect(partOf(file, two)).toMatchObject({ row: { patient }, events: [{}, { data: patient }] });
  });

  it('is refused while the keys cannot be read: no value is called erased', async () => {
    const api = await newApi();
    const id = await api.dispense();
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams: [`dispense/${id}`] });
    api.keys.outage = Object.assign(new Error('No key service.'), { name: 'ServiceUnavailable' });
    const { status, body } = await api.read();
    expect(status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(body)).not.toContain('erased');
  });

  it.each(['person:read', 'dispense:read'])('needs the scope %s', async (missing) => {
    const api = await newApi();
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', streams: [] });
    const others = scopeNames.filter((each) => each !== missing).join(' ');
    const { status, body } = await api.read('', others);
    expect([status, body.detail]).toEqual([403, expect.stringContaining(missing)]);
    expect((await api.read('', 'person:read dispense:read')).status).toBe(200);
  });

  it('of an unknown person is 404, and a cursor is for one person', async () => {
    const api = await newApi();
    expect((await api.read()).body).toMatchObject({
      type: 'urn:streamfold:problem:person/not-found',
      status: 404,
    });
    const ids = await Promise.all(Array.from({ length: 30 }, api.dispense));
    api.addPerson({
      personId: '00000000-0000-4000-8000-00006a616e65',
      streams: ids.map((id) => streamName('dispense', id)).toSorted(),
    });
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a6f616e', streams: [] });
    const { next } = (await api.read()).body;
    expect(
      (await api.read(`cursor=${next}`, scope, '/persons/00000000-0000-4000-8000-00006a6f616e/export'))
        .status,
    ).toBe(400);
  });
});
