import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Revealed } from '../../../kernel/index.ts';
import { problemLike } from '../../context-under-test.fixture.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../dispense-under-test.fixture.ts';
import {
  amoxicillin,
  at,
  doubtfulReading,
  failAnalysis,
  ibuprofen,
  patient,
  recordAnalysis,
  trustedReading,
} from '../domain/dispense.fixture.ts';
import type { DispenseRow } from '../read-model/projection.ts';
import { dispenses } from './answers.ts';

const text = Buffer.from('Amoxicillin 500 mg capsules, 21, 1 three times a day');
const fresh = { 'cache-control': 'no-cache' };

/** The part of a dispense's answer that the specs read. */
interface Answered {
  readonly state: string;
  readonly prescription: { readonly analysis?: Readonly<Record<string, unknown>> };
}

let api: DispenseUnderTest;
let id: string;
beforeEach(async () => {
  api = dispenseUnderTest();
  id = await api.start();
});

/** Uploads a document, and records this result of its analysis with the id `e1`. */
async function analyzed(command: 'failed' | typeof trustedReading = doubtfulReading, analysis = 'e1') {
  await api.upload(id, text);
  const key = [...api.documents.statuses.keys()].at(-1) ?? '';
  await api.send(
    id,
    command === 'failed' ? failAnalysis(key, analysis) : recordAnalysis(key, analysis, command),
  );
}
const answered = async () => (await api.get(`/dispenses/${id}`, '', fresh)).body as unknown as Answered;
const analysisOf = async () => (await answered()).prescription.analysis;
const confirm = (analysis: string, headers = {}) =>
  api.post(`/dispenses/${id}/analysis/confirm`, { analysis }, headers);

describe('an analysis', () => {
  it('is a proposal, with everything that was read', async () => {
    await analyzed();
    const { drugs, ...rest } = doubtfulReading;
    expect(await analysisOf()).toEqual({
      outcome: 'analyzed',
      id: 'e1',
      ...rest,
      drugs,
      trusted: false,
      needsReview: true,
    });
    expect(await answered()).toMatchObject({ state: 'ready', drugs: [] });
  });

  it('needs no review if it is trusted', async () => {
    await analyzed(trustedReading);
    expect(await analysisOf()).toMatchObject({ trusted: true, needsReview: false });
  });

  it('needs a review if it failed', async () => {
    await analyzed('failed');
    expect(await analysisOf()).toEqual({
      outcome: 'failed',
      id: 'e1',
      reason: 'The document has no text.',
      needsReview: true,
    });
  });

  it('needs no review after cancellation', async () => {
    await analyzed();
    await api.post(`/dispenses/${id}/cancel`, { reason: 'r' });
    expect(await analysisOf()).toMatchObject({ needsReview: false });
    expect(await confirm('e1')).toMatchObject(problemLike(409, 'dispense/cancelled'));
  });
});

describe('confirming an analysis', () => {
  beforeEach(async () => {
    await analyzed();
    await api.post(`/dispenses/${id}/patient`, patient);
  });

  it('lets the dispense complete', async () => {
    await api.post(`/dispenses/${id}/drugs`, { drugs: [ibuprofen] });
    expect(await api.post(`/dispenses/${id}/complete`)).toMatchObject(
      problemLike(409, 'dispense/analysis-unconfirmed'),
    );
    api.clock.now = at(5);
    expect(await confirm('e1')).toMatchObject({ status: 200, body: { id, version: 6, state: 'ready' } });
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:AnalysisConfirmed',
      { uploadEventId: 'e1', at: at(5) },
    ]);
    expect(await analysisOf()).toMatchObject({ trusted: false, needsReview: false, confirmedAt: at(5) });
    expect(await api.post(`/dispenses/${id}/complete`)).toMatchObject({ status: 200 });
  });

  it('is done by drugs with its id, and not by drugs without', async () => {
    const drugs = [{ name: 'Ibuprofen', quantity: 20 }];
    const recorded = [{ ...ibuprofen, strength: null, form: null, directions: null }];
    expect(await api.post(`/dispenses/${id}/drugs`, { drugs })).toMatchObject({ status: 200 });
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:DrugsAdded',
      { drugs: recorded, confirmsAnalysis: false },
    ]);
    expect(await analysisOf()).toMatchObject({ needsReview: true });
    const seen = { analysis: 'e1', drugs: [{ ...amoxicillin, form: null }] };
    expect(await api.post(`/dispenses/${id}/drugs`, seen)).toMatchObject({ status: 200 });
    expect((await api.eventsOf(id)).at(-1)).toMatchObject([
      'Dispense:DrugsAdded',
      { confirmsAnalysis: true },
    ]);
    expect(await analysisOf()).toMatchObject({ needsReview: false, confirmedAt: at(0) });
    expect((await api.get(`/dispenses/${id}`, '', fresh)).body).toMatchObject({
      drugs: [...recorded, { ...amoxicillin, form: null }],
    });
    expect(await api.post(`/dispenses/${id}/complete`)).toMatchObject({ status: 200 });
  });

  it('changes nothing the second time, and is safe to repeat with a key', async () => {
    const headers = { 'idempotency-key': 'confirm' };
    const first = await confirm('e1', headers);
    expect(await confirm('e1', headers)).toMatchObject({ status: 200, body: first.body });
    expect(await confirm('e1')).toMatchObject({ status: 200, body: first.body });
    expect((await api.eventsOf(id)).filter(([type]) => type === 'Dispense:AnalysisConfirmed')).toHaveLength(
      1,
    );
  });

  it('is for the newest analysis only', async () => {
    await analyzed('failed', 'e2');
    expect(await confirm('e1')).toMatchObject(problemLike(409, 'dispense/another-analysis'));
    expect(await confirm('e2')).toMatchObject({ status: 200 });
    await api.upload(id, text);
    expect(await confirm('e2')).toMatchObject(problemLike(409, 'dispense/analyzing'));
  });
});

describe('a row of the release before', () => {
  const drug = {
    name: 'Senna',
    strength: 'not stated',
    form: 'tablet',
    quantity: 1,
    directions: 'not stated',
  };
  const row = (analysis: object, state = 'ready') =>
    ({
      id,
      state,
      drugs: [drug],
      startedAt: at(0),
      updatedAt: at(0),
      prescription: {
        key: 'k1',
        sizeBytes: 9,
        contentType: 'text/plain',
        sha256: 'aa',
        uploadedAt: at(0),
        analysis,
      },
    }) as Revealed<DispenseRow>;
  const view = (stored: Revealed<DispenseRow>) => dispenses.view({ row: stored, version: 8 }, at(9));
  const page = { sizeBytes: 9, contentType: 'text/plain', sha256: 'aa', uploadedAt: at(0) };

  it('is shown as it is, with one page; the rule of that release says whether a person must look', () => {
    const analysis = { outcome: 'analyzed', analyzer: 'embedded', confidence: 0.79, drugs: [drug] };
    const nothing = { setAside: [], notUnderstood: [], notUnderstoodMore: 0, doubts: [] };
    const answer = view(row(analysis));
    expect(answer).toMatchObject({
      drugs: [drug],
      prescription: {
        ...page,
        pages: [page],
        analysis: { ...nothing, ...analysis, trusted: false, needsReview: true },
      },
    });
    expect(() => dispenses.schema.parse(answer)).not.toThrow();
    expect(view(row({ ...analysis, confidence: 0.8 }))).toMatchObject({
      prescription: { analysis: { trusted: true, needsReview: false } },
    });
    expect(view(row({ outcome: 'failed', reason: 'r' }))).toMatchObject({
      prescription: { analysis: { outcome: 'failed', reason: 'r', needsReview: true } },
    });
  });
});
