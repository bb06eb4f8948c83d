import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import {
  type Commit,
  type Observer,
  type StreamName,
  silentObserver,
  tenantKeyName,
} from '../../../../kernel/index.ts';
import { MemoryEventLog, MemoryKeyWrapper, MemorySubjectKeyStore } from '../../../../kernel/memory/index.ts';
import { CachedSubjectKeys } from '../../../../kernel/privacy/index.ts';
import {
  commitAt,
  recordingObserver,
  simulatedEffects,
  traceparentIn,
} from '../../../../kernel/testing/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { dispenseSubjectFacts } from '../../../dispense/subjects.ts';
import { personEntry } from '../../../person-search.ts';
import { MemoryPersonIndex } from '../../index/memory-person-index.ts';
import type { ErasureMessage } from '../erasing/erasure-message.ts';
import { indexPersons } from './index-persons.ts';

const at = '2026-01-02T03:04:05.678Z';
const ann = { identifier: 'A 1', birthDate: '1980-01-01' };

let log: MemoryEventLog;
let store: MemorySubjectKeyStore;
let index: MemoryPersonIndex;
let sent: ErasureMessage[];
let warnings: (readonly [string, object])[];
let cached: CachedSubjectKeys;
/** The trace contexts of what was sent. */
let sentIn: (string | undefined)[];
let tracing: Observer;
beforeEach(() => {
  log = new MemoryEventLog();
  store = new MemorySubjectKeyStore();
  index = new MemoryPersonIndex();
  sent = [];
  warnings = [];
  sentIn = [];
  tracing = silentObserver;
  cached = newKeys();
});

/** The keys as another process sees them, with a cache of its own. */
function newKeys(): CachedSubjectKeys {
  return new CachedSubjectKeys({ store, wrapper: new MemoryKeyWrapper(), effects: simulatedEffects() });
}

interface Patient {
  readonly personId?: string;
  readonly identifier?: string;
  readonly birthDate?: string;
}

/** Appends an event of a patient. `plain`: as events of before are. */
async function append(
  stream: StreamName,
  version: number,
  { personId, identifier, birthDate = ann.birthDate }: Patient,
  { type = 'Dispense:PatientAdded', plain = false } = {},
): Promise<Commit> {
  const key = await cached.create(stream);
  const id = `${stream}@${version}`;
  const stored = (path: string, value: string) =>
    plain ? value : key.encrypt(stream, { eventId: id, path }, value);
  const data = {
    name: stored('name', 'Ann'),
    birthDate: stored('birthDate', birthDate),
    ...(identifier !== undefined && { identifier: stored('identifier', identifier) }),
    ...(personId !== undefined && { personId }),
  };
  const commit = commitAt(stream, version, 1, { events: [{ id, type, schemaVersion: 1, data }] });
  expect(await log.append([commit])).toBe('appended');
  return commit;
}

async function indexed(...messages: readonly (Commit | string)[]) {
  const records = messages.map((message, position) => ({
    messageId: `message ${position}`,
    body: typeof message === 'string' ? message : encodeCommit(message),
  }));
  const { response, ...counts } = await indexPersons(records as unknown as readonly SQSRecord[], {
    log,
    categories: [dispenseSubjectFacts],
    keys: cached,
    links: index,
    erasures: {
      send: async (message, _delaySeconds, traceparent) => {
        sent.push(message);
        sentIn.push(traceparent);
      },
    },
    observer: { ...tracing, warn: (message, details) => void warnings.push([message, details]) },
  });
  return { failed: response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), ...counts };
}

async function found(tenant: string, question = ann) {
  const key = await newKeys().find(tenantKeyName(tenant));
  if (key === undefined) return [];
  const { identifierMac, birthMac } = personEntry(key, tenant, question);
  const persons = await index.withIdentifier({ tenant, identifierMac });
  return persons.filter((each) => each.birthMac === birthMac).map(({ personId }) => personId);
}

describe('the indexer of persons', () => {
  it.each([[false], [true]])('finds who was added, in plain text of before: %s', async (plain) => {
    const commit = await append('dispense/d1', 1, { personId: 'p1', ...ann }, { plain });
    expect(await indexed(commit)).toEqual({ failed: [], linked: 1, without: 0, late: 0 });
    expect(await found('default')).toEqual(['p1']);
    expect(await found('default', { ...ann, identifier: 'a1' })).toEqual(['p1']);
    expect(await found('default', { ...ann, birthDate: '1980-01-02' })).toEqual([]);
    expect(await index.streamsOf('default', 'p1')).toEqual({ streams: ['dispense/d1'] });
  });

  it('uses the key of the tenant', async () => {
    await indexed(
      await append('dispense/acme/d1', 1, { personId: 'p1', ...ann }),
      await append('dispense/d2', 1, { personId: 'p2', ...ann }),
    );
    expect(await found('acme')).toEqual(['p1']);
    expect(await found('default')).toEqual(['p2']);
  });

  it('reads all events of the stream, so an old message does not bring an old patient back', async () => {
    const added = await append('dispense/d1', 1, { personId: 'p1', ...ann });
    const corrected = await append(
      'dispense/d1',
      2,
      { personId: 'p2', ...ann, identifier: 'B 2' },
      { type: 'Dispense:PatientCorrected' },
    );
    for (const message of [added, corrected, added, corrected]) {
      expect(await indexed(message)).toMatchObject({ linked: 1 });
      expect(await found('default')).toEqual([]);
      expect(await found('default', { ...ann, identifier: 'B 2' })).toEqual(['p2']);
    }
  });

  it('links a person without an identifier', async () => {
    expect(await indexed(await append('dispense/d1', 1, { personId: 'p1' }))).toMatchObject({ linked: 1 });
    expect(await index.person('default', 'p1')).toEqual({ personId: 'p1' });
    expect(await newKeys().find(tenantKeyName('default'))).toBeUndefined();
  });

  it('leaves out streams that name nobody, are erased, or are of other contexts', async () => {
    const nobody = await append('dispense/d1', 1, ann);
    const noKey = await append('dispense/d2', 1, { personId: 'p2', ...ann });
    await store.destroy('dispense/d2');
    cached = newKeys();
    const erased = await append('dispense/d3', 1, { personId: 'p3', ...ann });
    const data = { legalGround: 'objection', at };
    const event = { id: 'erased', type: 'Dispense:Erased', schemaVersion: 1, data };
    await log.append([commitAt('dispense/d3', 2, 1, { events: [event] })]);
    const messages = [nobody, noKey, erased, commitAt('metrics/m1', 1)];
    expect(await indexed(...messages)).toEqual({ failed: [], linked: 0, without: 4, late: 0 });
    expect(await found('default')).toEqual([]);
  });

  it('sends a stream of an erased person to the eraser, also with a key that is still cached', async () => {
    const commit = await append('dispense/acme/d1', 1, { personId: 'p1', ...ann });
    await index.begin('acme', 'p1', at);
    expect(await indexed(commit)).toMatchObject({ late: 1 });
    expect(sent).toEqual([{ type: 'late-stream', stream: 'dispense/acme/d1', person: 'person/acme/p1' }]);
    await index.unlink('dispense/acme/d1');
    expect(await indexed(commit)).toMatchObject({ without: 1 });
    expect(sent).toHaveLength(1);
  });

  it('works in the trace of the commit, and sends what it sends in it', async () => {
    const traceparent = traceparentIn('a');
    const commit = { ...(await append('dispense/d1', 1, { personId: 'p1', ...ann })), traceparent };
    await index.begin('default', 'p1', at);
    await indexed(commit);
    const { observer, take } = recordingObserver();
    tracing = observer;
    await indexed(commit, '{"stream":"dispense/d2"}', 'no JSON');
    expect(take()).toEqual([
      '1 index [{"stream":"dispense/d1","commits":["dispense/d1@1"],"consumer":"person-indexer"}]',
      '2 index [{"stream":"dispense/d2","consumer":"person-indexer"}]',
    ]);
    // The first is of the run that only the caller traces.
    expect(sentIn).toEqual([traceparent, traceparentIn('a', '1')]);
  });

  it('makes one person of two ids for one identifier and birth date', async () => {
    const [one, two] = [
      await append('dispense/d1', 1, { personId: 'p1', ...ann }),
      await append('dispense/d2', 1, { personId: 'p2', ...ann }),
    ];
    await Promise.all([indexed(one), indexed(two)]);
    const [personId] = await found('default');
    expect(await index.streamsOf('default', personId ?? '')).toEqual({
      streams: ['dispense/d1', 'dispense/d2'],
    });
  });

  it('takes the name of a stream from an operator', async () => {
    await append('dispense/d1', 1, { personId: 'p1', ...ann });
    expect(await indexed('{"stream":"dispense/d1"}')).toMatchObject({ linked: 1 });
  });

  it('keeps the messages that fail, quotes none, and handles the others', async () => {
    const moved = await append('dispense/d1', 1, { personId: 'p1', ...ann });
    const [commit] = (await Array.fromAsync(log.read('dispense/d1'))).flat();
    const stolen = { ...commit?.events[0]?.data, personId: 'p2' };
    const event = { id: 'other', type: 'Dispense:PatientAdded', schemaVersion: 1, data: stolen };
    const foreign = commitAt('dispense/d2', 1, 1, { events: [event] });
    await cached.create('dispense/d2');
    await log.append([foreign]);
    const bodies = ['Ann is no JSON', '{"stream":"Ann"}', '"Ann"'];
    expect(await indexed(...bodies, foreign, moved)).toEqual({
      failed: ['message 0', 'message 1', 'message 2', 'message 3'],
      linked: 1,
      without: 0,
      late: 0,
    });
    expect(warnings).toHaveLength(4);
    expect(
      JSON.stringify(warnings.map(([, { error }]: readonly [string, { error?: unknown }]) => String(error))),
    ).not.toContain('Ann');
  });
});
