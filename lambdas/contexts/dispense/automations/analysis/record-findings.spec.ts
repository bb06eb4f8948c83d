import { beforeEach, describe, expect, it } from '@jest/globals';
import { commandIdOfReaction, type Observer, silentObserver, systemActor } from '../../../../kernel/index.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../../dispense-under-test.fixture.ts';
import { findingRecords } from './analyze-and-record.fixture.ts';
import { certainDrug, certainReading } from './reading.fixture.ts';
import { recordFindings } from './record-findings.ts';

const analyzed = { type: 'read', reading: certainReading };
const ofDrugs = (...drugs: readonly object[]) => ({ type: 'read', reading: { ...certainReading, drugs } });
const drug = certainDrug;
const failed = { type: 'failed', reason: 'The document has no text.' };

let api: DispenseUnderTest;
let warnings: unknown[];
let finding: { stream: string; version: number; uploadEventId: string; outcome: object };

beforeEach(async () => {
  api = dispenseUnderTest();
  warnings = [];
  finding = { ...(await upload()), outcome: analyzed };
});

/** A dispense with an upload: what its finding names. */
async function upload() {
  const id = await api.start();
  await api.upload(id, Buffer.from('Drug 1 mg'));
  const commit = (await commitsOf(id)).at(-1);
  return { stream: `dispense/${id}`, version: 2, uploadEventId: commit?.events[0]?.id ?? '' };
}

const commitsOf = async (id: string) => (await Array.fromAsync(api.log.read(`dispense/${id}`))).flat();
const idOf = (stream: string) => stream.replace('dispense/', '');
/** The types of the events of a stream after its upload. */
const recordedIn = async (stream: string) =>
  (await api.eventsOf(idOf(stream))).slice(2).map(([type]) => type);

function record(messages: readonly unknown[], handler: Pick<typeof api.handler, 'handle'> = api.handler) {
  const observer: Observer = { ...silentObserver, warn: (...warning) => warnings.push(warning) };
  const texts = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  const dependencies = { log: api.log, keys: api.keys, handler, observer, now: () => api.clock.now };
  return recordFindings(findingRecords(texts), dependencies);
}

const recorded = { response: { batchItemFailures: [] }, handled: 1 };
const refused = { response: { batchItemFailures: [{ itemIdentifier: 'f0' }] }, handled: 0 };

describe('a finding', () => {
  it.each([
    [analyzed, 'Dispense:PrescriptionAnalyzed'],
    [failed, 'Dispense:AnalysisFailed'],
  ])('is recorded, with the correlation id of the upload: %j', async (outcome, type) => {
    const [, { correlationId = '' } = {}] = await commitsOf(idOf(finding.stream));
    expect(await record([{ ...finding, outcome }])).toEqual({ ...recorded, correlationIds: [correlationId] });
    expect(await recordedIn(finding.stream)).toEqual([type]);
    expect((await commitsOf(idOf(finding.stream))).at(-1)).toMatchObject({
      correlationId,
      causationId: finding.uploadEventId,
      actor: 'urn:streamfold:system prescription-analyzer',
    });
  });

  it('has every part of the reading in its event', async () => {
    const reading = { ...certainReading, notUnderstood: ['Metho... 2.5'], doubts: ['hidden-text'] };
    await record([{ ...finding, outcome: { type: 'read', reading } }]);
    const [, , [type, data] = []] = await api.eventsOf(idOf(finding.stream));
    expect(type).toBe('Dispense:PrescriptionAnalyzed');
    expect(data).toEqual({ ...reading, uploadEventId: finding.uploadEventId, trusted: false });
  });

  it('of the release before is recorded as a reading that needs a review', async () => {
    const { name, strength, form, quantity } = drug;
    const earlier = { name, strength, form, quantity, directions: 'not stated' };
    const outcome = { type: 'analyzed', analyzer: 'embedded', confidence: 1, drugs: [earlier] };
    expect(await record([{ ...finding, outcome }])).toMatchObject(recorded);
    const [, , [, data] = []] = await api.eventsOf(idOf(finding.stream));
    expect(data).toMatchObject({ trusted: false, drugs: [{ directions: null, quantity }] });
  });

  it('is recorded once, whatever a later one says', async () => {
    for (const outcome of [analyzed, failed, analyzed])
      expect(await record([{ ...finding, outcome }])).toMatchObject(recorded);
    expect(await recordedIn(finding.stream)).toEqual(['Dispense:PrescriptionAnalyzed']);
    expect(warnings).toEqual([]);
  });

  it('changes nothing if the analyzer of the release before recorded its own', async () => {
    const { stream, uploadEventId } = finding;
    const key = [...api.documents.statuses.keys()][0] ?? '';
    const command = { type: 'FailAnalysis', key, uploadEventId, reason: 'By the release before.' } as const;
    const earlier = await api.handler.handle([{ id: idOf(stream), command }], {
      commandId: commandIdOfReaction('prescription-analyzer', uploadEventId),
      intent: ['RecordAnalysis', uploadEventId],
      now: api.clock.now,
      correlationId: 'correlation',
      causationId: uploadEventId,
      actor: systemActor('prescription-analyzer'),
    });
    expect(earlier.outcome).toBe('committed');
    const outcomes: string[] = [];
    const handle: typeof api.handler.handle = async (...call) => {
      const result = await api.handler.handle(...call);
      outcomes.push(result.outcome);
      return result;
    };
    expect(await record([finding], { handle })).toMatchObject(recorded);
    // Recognised as the same command, and not only too late.
    expect(outcomes).toEqual(['repeated']);
    expect(await recordedIn(stream)).toEqual(['Dispense:AnalysisFailed']);
  });

  it('is delivered again after a crash between the commit and the answer to the queue', async () => {
    const handle: typeof api.handler.handle = async (...call) => {
      await api.handler.handle(...call);
      throw new Error('The connection is lost.');
    };
    expect(await record([finding], { handle })).toMatchObject(refused);
    expect(await record([finding])).toMatchObject(recorded);
    expect(await recordedIn(finding.stream)).toEqual(['Dispense:PrescriptionAnalyzed']);
  });

  it('does not stop the others of the batch when it fails', async () => {
    const { response } = await record(['{', finding]);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'f0' }]);
    expect(await recordedIn(finding.stream)).toEqual(['Dispense:PrescriptionAnalyzed']);
  });
});

/** What code that was taken over by a document could send. Each changes a valid finding. */
const hostile: Record<string, (valid: typeof finding) => unknown> = {
  'no JSON': () => 'secret drug',
  'no object': () => '"secret drug"',
  'another field': (valid) => ({ ...valid, key: 'secret drug' }),
  'another command': (valid) => ({ ...valid, outcome: { type: 'Cancel', reason: 'secret drug' } }),
  'another field of the outcome': (valid) => ({ ...valid, outcome: { ...analyzed, 'secret drug': 1 } }),
  'another field of the reading': (valid) => ({
    ...valid,
    outcome: { type: 'read', reading: { ...certainReading, trusted: true } },
  }),
  'a stream of another context': (valid) => ({ ...valid, stream: 'ledger/a' }),
  'no name of a stream': (valid) => ({ ...valid, stream: 'dispense/secret drug' }),
  'another dispense': (valid) => ({ ...valid, stream: 'dispense/other' }),
  'another tenant': (valid) => ({ ...valid, stream: valid.stream.replace('/', '/acme/') }),
  'another version': (valid) => ({ ...valid, version: 1 }),
  'a version after the last': (valid) => ({ ...valid, version: 9 }),
  'version 0': (valid) => ({ ...valid, version: 0 }),
  'another event': (valid) => ({ ...valid, uploadEventId: 'e9' }),
  'an event with a long id': (valid) => ({ ...valid, uploadEventId: 'e'.repeat(1_000) }),
  'no drugs': (valid) => ({ ...valid, outcome: ofDrugs() }),
  'too many drugs': (valid) => ({ ...valid, outcome: ofDrugs(...Array(51).fill(drug)) }),
  'a long name': (valid) => ({
    ...valid,
    outcome: ofDrugs({ ...drug, name: 'x'.repeat(201) }),
  }),
  'a control character': (valid) => ({
    ...valid,
    outcome: ofDrugs({ ...drug, name: 'a\u0007secret drug' }),
  }),
  'a quantity of 0': (valid) => ({ ...valid, outcome: ofDrugs({ ...drug, quantity: 0 }) }),
  'an envelope': (valid) => ({
    ...valid,
    outcome: ofDrugs({ enc: 'aa', key: 'k', v: 1 }),
  }),
  'a confidence above 1': (valid) => ({
    ...valid,
    outcome: { type: 'read', reading: { ...certainReading, confidence: 2 } },
  }),
  'a long reason': (valid) => ({ ...valid, outcome: { ...failed, reason: 'x'.repeat(301) } }),
};

describe('a message that is no finding of an upload', () => {
  it.each(Object.keys(hostile))('records nothing, and goes to the failure queue: %s', async (name) => {
    expect(await record([hostile[name]?.(finding)])).toMatchObject(refused);
    expect(await recordedIn(finding.stream)).toEqual([]);
    expect(await commitsOf('other')).toEqual([]);
    expect(warnings).toHaveLength(1);
    // Warnings are logged, and the message may hold personal data.
    const [[, { error }]] = warnings as [[string, { error: Error }]];
    expect(String(error.stack) + String(error.cause)).not.toContain('secret drug');
  });

  it('records nothing for the event of a dispense that is no upload', async () => {
    const [started] = await commitsOf(idOf(finding.stream));
    const message = { ...finding, version: 1, uploadEventId: started?.events[0]?.id };
    expect(await record([message])).toMatchObject(refused);
  });

  it('records nothing for the upload of another dispense', async () => {
    const other = await upload();
    expect(await record([{ ...finding, stream: other.stream }])).toMatchObject(refused);
    expect(await record([{ ...other, outcome: analyzed }])).toMatchObject(recorded);
    expect(await recordedIn(finding.stream)).toEqual([]);
  });
});
