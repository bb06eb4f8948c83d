import { describe, expect, it } from '@jest/globals';
import { foldCommits, reveal } from '../../../kernel/index.ts';
import { commitAt } from '../../../kernel/testing/index.ts';
import { dispenses } from '../api/answers.ts';
import { amoxicillin, at, ibuprofen } from '../domain/dispense.fixture.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { dispenseProjection } from './projection.ts';

const events = recordedStreams['a dispense from a prescription'] ?? [];

/** The row after the first `count` recorded events. Each is a commit, one minute after the previous one. */
function rowAfter(count: number, recorded = events) {
  const commits = recorded
    .slice(0, count)
    .map((event, index) => commitAt('dispense/a', index + 1, 1, { events: [event], committedAt: at(index) }));
  return foldCommits(dispenseProjection, undefined, commits)?.row;
}

const second = {
  key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5',
  sizeBytes: 9,
  contentType: 'application/pdf',
  sha256: 'bb',
  uploadedAt: '2026-01-02T12:02:00.000Z',
};

describe('the dispense projection', () => {
  it('folds a dispense', () => {
    expect(rowAfter(1)).toEqual({ id: 'a', state: 'pending', drugs: [], startedAt: at(0), updatedAt: at(0) });
    const read = { ...amoxicillin, directions: '1 three times a day' };
    expect(rowAfter(events.length)).toEqual({
      id: 'a',
      state: 'complete',
      patient: { name: 'A. Recorded', birthDate: '1900-01-01', identifier: 'R-1' },
      drugs: [read, { ...read, name: ibuprofen.name }],
      prescription: {
        ...second,
        analysis: {
          outcome: 'analyzed',
          id: 'recorded',
          analyzer: 'embedded',
          confidence: 0.75,
          trusted: false,
          drugs: [read],
          setAside: [],
          notUnderstood: [],
          notUnderstoodMore: 0,
          doubts: [],
          confirmedAt: at(6),
        },
      },
      startedAt: at(0),
      endedAt: at(3),
      updatedAt: at(events.length - 1),
    });
  });

  it('shows the analysis of the newest prescription', () => {
    expect(rowAfter(2)).toMatchObject({ state: 'analyzing', prescription: { contentType: 'image/png' } });
    expect(rowAfter(3)).toMatchObject({
      state: 'ready',
      prescription: { analysis: { outcome: 'failed', reason: 'The picture is blank.' } },
    });
    expect(rowAfter(4)).toMatchObject({ state: 'analyzing' });
    expect(rowAfter(4)?.prescription).toEqual(second);
  });

  const pages = recordedStreams['a prescription of two pages, confirmed'];
  const replaced = recordedStreams['a prescription that was replaced, with envelopes'];

  it('has all pages of the newest prescription, and the fields of the newest page', () => {
    expect(rowAfter(5, pages)?.prescription).toMatchObject({
      sha256: 'dd',
      earlierPages: [{ sha256: 'cc', key: '3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2' }],
    });
    expect(rowAfter(4, replaced)?.prescription).not.toHaveProperty('earlierPages');
  });

  it('shows the first confirmation of an analysis, until another one begins', () => {
    const confirmedAt = '2026-11-27T12:04:00.000Z';
    expect(rowAfter(6, pages)?.prescription?.analysis).not.toHaveProperty('confirmedAt');
    expect(rowAfter(7, pages)?.prescription?.analysis).toMatchObject({ id: 'recorded-2', confirmedAt });
    const seenDrugs = [...(pages ?? []).slice(0, 7), ...(replaced ?? []).slice(5, 6)];
    expect(rowAfter(8, seenDrugs)).toMatchObject({
      drugs: [{}],
      prescription: { analysis: { confirmedAt } },
    });
    expect(rowAfter(6, replaced)?.prescription?.analysis).toMatchObject({ confirmedAt: at(5) });
    const again = [...(replaced ?? []), ...(replaced ?? []).slice(3, 4)];
    expect(rowAfter(7, again)?.prescription).not.toHaveProperty('analysis');
  });

  it('adds a page to a row of row version 1', () => {
    const earlier = rowAfter(4);
    const page = {
      type: 'Dispense:PrescriptionUploaded',
      data: { ...pages?.[4]?.data, earlierKeys: [second.key] },
    };
    const event = { ...pages?.[4], ...page, stream: 'dispense/a', version: 5, committedAt: at(5) };
    const { row } = dispenseProjection.project(
      earlier,
      event as Parameters<typeof dispenseProjection.project>[1],
    );
    expect(row.prescription).toMatchObject({ sha256: 'dd', earlierPages: [second] });
  });

  it('marks a cancelled dispense', () => {
    expect(rowAfter(4, recordedStreams['a dispense by hand, cancelled'])).toMatchObject({
      state: 'cancelled',
      cancelReason: 'Entered twice',
      endedAt: at(3),
    });
  });

  it('is shown without the key of its document', () => {
    const row = rowAfter(events.length);
    if (row === undefined) throw new Error('There is no row.');
    const view = dispenses.view({ row: reveal(row, 'dispense/a', new Map()), version: 8 }, at(9));
    expect(view).toMatchObject({ id: 'a', version: 8, prescription: { sha256: 'bb' } });
    expect(JSON.stringify(view)).not.toContain(second.key);
  });

  it('refuses a stream without its first event', () => {
    expect(() => rowAfter(2, events.slice(1))).toThrow('does not begin with Dispense:Started');
  });
});
