import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { createApiHandler } from '../http/api-handler.ts';
import { createCursors } from '../http/cursor.ts';
import { callerOf, noAudit, notingLogger, openToAll, testApi } from '../http/testing.ts';
import { visibilityOf } from '../http/visibility.ts';
import { type StoredEvent, type SubjectKey, silentObserver } from '../kernel/index.ts';
import { commitAt, envelopeOf, type FixedKeys } from '../kernel/testing/index.ts';
import { decodeCommit, encodeCommit } from '../messaging/published-commit.ts';
import { streamRoute } from '../system/streams.ts';
import { problemLike } from './context-under-test.fixture.ts';
import { analyzeAndRecord } from './dispense/automations/analysis/analyze-and-record.fixture.ts';
import { dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import { trustedReading } from './dispense/domain/dispense.fixture.ts';
import { recordedStreams as dispenses } from './dispense/domain/recorded-events.fixture.ts';
import dispenseRules from './dispense/todo-rules.ts';
import { todoItemsOf } from './todo-rules.fixture.ts';

/** Every reader of events, with the recorded events that have envelopes. */

const id = '0d9c1f4a-3b52-4a4e-9a3c-1f2f8f0cb6b5';

const events = dispenses['a dispense with envelopes'] ?? [];
const fresh = { 'cache-control': 'no-cache' };
/** A part of every envelope in the recorded events: the id of their key. */
const key = '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61';

/** One commit for each event. */
const commitsOf = (stream: `${string}/${string}`, recorded: readonly StoredEvent[]) =>
  recorded.map((event, index) => commitAt(stream, index + 1, 1, { events: [event] }));

/** Dispenses, with one in the log. */
async function withDispense() {
  const api = dispenseUnderTest();
  for (const commit of commitsOf(`dispense/${id}`, events)) await api.log.append([commit]);
  return api;
}

const erased = { erased: true };
const shown = {
  id,
  version: 6,
  state: 'cancelled',
  patient: { name: erased, birthDate: erased, identifier: erased },
  drugs: [expect.objectContaining({ name: 'Ibuprofen' }), erased],
  prescription: { sha256: erased, sizeBytes: 9, analysis: { drugs: [erased, { name: 'Ibuprofen' }] } },
  cancelReason: erased,
};

describe('values without their key', () => {
  it('are erased in a query that folds the log', async () => {
    const api = await withDispense();
    const { status, body } = await api.get(`/dispenses/${id}`, '', fresh);
    expect({ status, body }).toMatchObject({ status: 200, body: shown });
  });

  it('are erased in each line of an analysis', async () => {
    const api = dispenseUnderTest();
    const lines = dispenses['a prescription that was replaced, with envelopes'] ?? [];
    for (const commit of commitsOf(`dispense/${id}`, lines.slice(0, 3))) await api.log.append([commit]);
    await api.project(id);
    for (const headers of [{}, fresh])
      expect((await api.get(`/dispenses/${id}`, '', headers)).body).toMatchObject({
        prescription: {
          sha256: erased,
          pages: [{ sha256: erased }],
          analysis: {
            needsReview: true,
            drugs: [erased, { name: 'Ibuprofen' }],
            setAside: [erased, 'No penicillin'],
            notUnderstood: [erased, 'Pred 2.5 1-0-0'],
          },
        },
      });
    expect(await api.post(`/dispenses/${id}/analysis/confirm`, { analysis: 'recorded' })).toMatchObject({
      status: 200,
    });
  });

  it('stay in their envelopes in the read model, and are erased in queries and lists of it', async () => {
    const api = await withDispense();
    await api.project(id);
    const [row] = await api.readModel.load([id]).then((rows) => [...rows.values()]);
    expect(row?.row).toMatchObject({
      patient: { name: { enc: expect.any(String), key, v: 1 } },
      drugs: [{}, { key }],
    });
    expect((await api.get(`/dispenses/${id}`)).body).toMatchObject(shown);
    expect((await api.get('/dispenses')).body).toMatchObject({ items: [shown] });
  });

  it('do not stop commands', async () => {
    const api = dispenseUnderTest();
    for (const commit of commitsOf(`dispense/${id}`, events.slice(0, -1))) await api.log.append([commit]);
    expect(await api.post(`/dispenses/${id}/patient`, { name: 'B', birthDate: '2000-01-01' })).toMatchObject({
      status: 409,
    });
    expect(await api.post(`/dispenses/${id}/complete`)).toMatchObject({
      status: 200,
      body: { state: 'complete' },
    });
  });

  it('are erased in the past', async () => {
    const api = await withDispense();
    const past = { version: 4, state: 'ready', patient: shown.patient };
    expect((await api.get(`/dispenses/${id}`, 'version=4')).body).toMatchObject(past);
  });

  it('are erased in the audit trail, which shows everything else as it was recorded', async () => {
    const { log, keys } = await withDispense();
    const routes = [
      streamRoute(log, keys, createCursors(Buffer.alloc(32, 7)), visibilityOf([]), async () => false),
    ];
    const logger = new Logger({ logLevel: 'SILENT' });
    const answer = await callerOf(
      createApiHandler({
        routes,
        logger,
        identify: openToAll,
        recordRead: noAudit,
        now: () => '2026-11-26T12:00:00.000Z',
      }),
    )('GET', `/streams/dispense/${id}`);
    const { items } = answer.body as { items: { data: object }[] };
    expect(items.map(({ data }) => data).slice(3)).toEqual([
      { name: erased, birthDate: erased, identifier: erased },
      { drugs: [expect.objectContaining({ name: 'Ibuprofen' }), erased] },
      { reason: erased, at: '2026-11-26T12:03:00.000Z' },
    ]);
    expect(JSON.stringify(answer)).not.toContain(key);
  });

  it('stay in their envelopes in the published form', () => {
    for (const commit of commitsOf(`dispense/${id}`, events))
      expect(decodeCommit(encodeCommit(commit)).events).toEqual(commit.events);
  });

  it('do not matter to TODO rules', () => {
    const items = todoItemsOf(dispenseRules, commitsOf(`dispense/${id}`, events));
    expect(items.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'add-patient closed',
      'add-drugs closed',
      'analyze-prescription closed',
      'review-analysis closed',
      'complete-dispense closed',
    ]);
  });

  it('are a reason for the analyzer to read nothing: the dispense was erased', async () => {
    const api = dispenseUnderTest();
    const document = { contentType: 'text/plain', bytes: Buffer.from('Senna') } as const;
    const sha256 = envelopeOf({ stream: `dispense/${id}`, eventId: 'e2', path: 'sha256' }, 'ee');
    const stored = { ...events[1]?.data, sha256, key: await api.documents.put(document) };
    const uploaded = { ...events[1], id: 'e2', data: stored } as StoredEvent;
    const commits = commitsOf(`dispense/${id}`, [...events.slice(0, 1), uploaded]);
    for (const commit of commits) await api.log.append([commit]);
    const record = { messageId: 'm', body: commits.map((commit) => encodeCommit(commit))[1], attributes: {} };
    const { analyzed } = await analyzeAndRecord([record as SQSRecord], {
      ...api,
      analyzer: { analyze: async () => trustedReading },
      observer: silentObserver,
      now: () => api.clock.now,
    });
    expect(analyzed).toBe(0);
    expect((await api.eventsOf(id)).map(([type]) => type)).toEqual([
      'Dispense:Started',
      'Dispense:PrescriptionUploaded',
    ]);
  });
});

describe('a ciphertext that is not in its place', () => {
  const own = `dispense/${id}` as const;
  const other = 'dispense/6f2c1f4a-3b52-4a4e-9a3c-1f2f8f0cb6b6';
  const place = { eventId: 'e2', path: 'name' };
  const birthDate = '1980-02-29';

  /** A dispense with its key, whose patient has this envelope as name, and everything that is logged about it. */
  async function withName(nameBy: (keys: FixedKeys) => Promise<object>) {
    const logged: string[] = [];
    const api = dispenseUnderTest({ logger: notingLogger((line) => logged.push(line)) });
    for (const stream of [own, other]) await api.keys.create(stream);
    const started = { id: 'e1', type: 'Dispense:Started', schemaVersion: 1, data: { at: api.clock.now } };
    const data = { name: await nameBy(api.keys), birthDate };
    const added = { id: 'e2', type: 'Dispense:PatientAdded', schemaVersion: 1, data };
    for (const commit of commitsOf(own, [started, added])) await api.log.append([commit]);
    const trail = streamRoute(
      api.log,
      api.keys,
      createCursors(Buffer.alloc(32, 7)),
      visibilityOf([]),
      async () => false,
    );
    return {
      api,
      logged,
      trail: testApi(
        [trail],
        notingLogger((line) => logged.push(line)),
      ),
    };
  }

  it('is shown if it is in its place', async () => {
    const { api, trail } = await withName(async (keys) => keyOf(keys, own).encrypt(own, place, 'Ada'));
    expect((await api.get(`/dispenses/${id}`, '', fresh)).body).toMatchObject({
      patient: { name: 'Ada', birthDate },
    });
    expect((await trail('GET', `/streams/${own}`)).body).toMatchObject({
      items: [{}, { data: { name: 'Ada' } }],
    });
  });

  it.each([
    ['of another event', own, { ...place, eventId: 'e1' }],
    ['of another field', own, { ...place, path: 'identifier' }],
    ['of another stream', other, place],
  ])('is an error if it is %s, and nothing is quoted', async (_what, stream, from) => {
    const { api, trail, logged } = await withName(async (keys) =>
      keyOf(keys, own).encrypt(stream, from, 'Quackenbush'),
    );
    const answers = [await api.get(`/dispenses/${id}`, '', fresh), await trail('GET', `/streams/${own}`)];
    for (const answer of answers) expect(answer).toMatchObject(problemLike(500, 'internal-error'));
    expect(logged.join('\n')).toContain('unreadable-event');
    expect(JSON.stringify([answers, logged])).not.toMatch(/Quackenbush|"enc"/);
  });

  it('is erased, and not shown, if it is of another key', async () => {
    const { api } = await withName(async (keys) => keyOf(keys, other).encrypt(own, place, 'Quackenbush'));
    expect((await api.get(`/dispenses/${id}`, '', fresh)).body).toMatchObject({
      patient: { name: erased, birthDate },
    });
  });
});

function keyOf(keys: FixedKeys, stream: string): SubjectKey {
  const found = keys.at(stream);
  if (found === undefined) throw new Error(`${stream} has no key.`);
  return found;
}

describe('an envelope in a body', () => {
  it.each([
    [`/dispenses/${id}/patient`, { name: { enc: 'aa', key: 'k', v: 1 }, birthDate: '2000-01-01' }],
    [`/dispenses/${id}/drugs`, { drugs: [{ enc: 'aa', key: 'k', v: 1 }] }],
    [`/dispenses/${id}/cancel`, { reason: { enc: 'aa', key: 'k', v: 1 } }],
  ])('is refused: %s', async (path, body) => {
    expect(await dispenseUnderTest().post(path, body)).toMatchObject({
      status: 400,
      body: { type: expect.stringMatching('invalid-body') },
    });
  });
});
