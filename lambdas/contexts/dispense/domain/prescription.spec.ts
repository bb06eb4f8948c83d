import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import {
  addDrugs,
  addPage,
  addSeenDrugs,
  analysisConfirmed,
  analysisFailed,
  analyzed,
  analyzing,
  at,
  cancelled,
  complete,
  completed,
  confirmAnalysis,
  doubtful,
  doubtfulReading,
  drugsAdded,
  failAnalysis,
  failed,
  ibuprofen,
  patientAdded,
  patientAndDrugs,
  pending,
  ready,
  recordAnalysis,
  seenDrugsAdded,
  upload,
  uploaded,
} from './dispense.fixture.ts';
import { dispense } from './dispense.ts';
import type { DispenseEvent } from './events.ts';

const { given } = scenariosOf(dispense);

describe('a prescription', () => {
  it('is uploaded while pending, and then analyzed', () => {
    given(...pending)
      .when(upload())
      .thenEvents(uploaded());
    given(...pending)
      .when(upload())
      .thenState({
        status: 'analyzing',
        hasPatient: false,
        drugCount: 0,
        prescription: { keys: ['k1'], review: 'under-way' },
      });
  });

  it('can be uploaded after adding patient and drugs', () => {
    given(...pending, patientAdded, drugsAdded(ibuprofen))
      .when(upload())
      .thenState({
        status: 'analyzing',
        hasPatient: true,
        drugCount: 1,
        prescription: { keys: ['k1'], review: 'under-way' },
      });
  });

  it.each([
    ['is being analyzed', analyzing],
    ['could not be read', failed],
    ['has a reading that a person must review', doubtful],
    ['has a reading', ready],
    ['has a confirmed reading', [...doubtful, analysisConfirmed()]],
  ])('is replaced by a newer upload if it %s', (_what, past) => {
    given(...past)
      .when(upload('k2'))
      .thenEvents(uploaded('k2'));
    given(...past)
      .when(upload('k2'))
      .thenState({
        status: 'analyzing',
        hasPatient: false,
        drugCount: 0,
        prescription: { keys: ['k2'], review: 'under-way' },
      });
  });

  it.each([
    ['is being analyzed', analyzing],
    ['could not be read', failed],
    ['has a reading', ready],
    ['has a confirmed reading', [...doubtful, analysisConfirmed()]],
  ])('gets a further page if it %s; all pages are analyzed', (_what, past) => {
    given(...past)
      .when(addPage('k2'))
      .thenEvents(uploaded('k2', at(1), ['k1']));
    given(...past)
      .when(addPage('k2'))
      .thenState({
        status: 'analyzing',
        hasPatient: false,
        drugCount: 0,
        prescription: { keys: ['k1', 'k2'], review: 'under-way' },
      });
  });

  it('has no further page without a first one, and at most 5 in total', () => {
    given(...pending)
      .when(addPage())
      .thenRejected('dispense/no-first-page');
    const pages = ['k1', 'k2', 'k3', 'k4'].map((key, index, keys) =>
      uploaded(key, at(1), keys.slice(0, index)),
    );
    given(...pending, ...pages)
      .when(addPage('k5'))
      .thenEvents(uploaded('k5', at(1), ['k1', 'k2', 'k3', 'k4']));
    given(...pending, ...pages, uploaded('k5', at(1), ['k1', 'k2', 'k3', 'k4']))
      .when(addPage('k6'))
      .thenRejected('dispense/too-many-pages');
    given(...pending, ...pages, uploaded('k5', at(1), []))
      .when(addPage('k6'))
      .thenEvents(uploaded('k6', at(1), ['k5']));
  });
});

describe('the analysis', () => {
  const stateWith = (review: 'trusted' | 'to-review') => ({
    status: 'ready' as const,
    hasPatient: false,
    drugCount: 0,
    prescription: { keys: ['k1'], review, analysis: 'e1' },
  });

  it('makes the dispense ready, even if it failed, and adds no drugs', () => {
    given(...analyzing)
      .when(recordAnalysis())
      .thenEvents(analyzed());
    given(...analyzing)
      .when(recordAnalysis())
      .thenState(stateWith('trusted'));
    given(...analyzing)
      .when(failAnalysis())
      .thenEvents(analysisFailed());
    given(...analyzing)
      .when(failAnalysis())
      .thenState(stateWith('to-review'));
  });

  it('is recorded whole, with the decision on trust', () => {
    given(...analyzing)
      .when(recordAnalysis('k1', 'e1', doubtfulReading))
      .thenEvents({
        type: 'Dispense:PrescriptionAnalyzed',
        data: { uploadEventId: 'e1', ...doubtfulReading, trusted: false },
      });
    given(...analyzing)
      .when(recordAnalysis('k1', 'e1', doubtfulReading))
      .thenState(stateWith('to-review'));
  });

  it.each<[string, readonly DispenseEvent[]]>([
    ['was never uploaded', pending],
    ['was read already', ready],
    ['could not be read', failed],
    ['was replaced', [...failed, uploaded('k2', at(3))]],
    ['was replaced during its analysis', [...analyzing, uploaded('k2', at(3))]],
    ['was replaced by one that has a reading', [...analyzing, uploaded('k2', at(3)), analyzed('e2')]],
    ['got a further page', [...analyzing, uploaded('k2', at(3), ['k1'])]],
    ['was confirmed', [...failed, analysisConfirmed()]],
    ['belongs to a cancelled dispense', [...analyzing, cancelled()]],
    ['belongs to a complete dispense', [...ready, patientAdded, drugsAdded(ibuprofen), completed()]],
  ])('does nothing if its upload %s', (_what, past) => {
    given(...past)
      .when(recordAnalysis())
      .thenEvents();
    given(...past)
      .when(failAnalysis())
      .thenEvents();
  });

  it('applies only to the newest upload', () => {
    given(...failed, uploaded('k2', at(3)))
      .when(recordAnalysis('k2', 'e2'))
      .thenEvents(analyzed('e2'));
  });
});

describe('the review of a reading', () => {
  it.each([
    ['a reading that is not trusted', doubtful],
    ['a failed analysis', failed],
    ['a trusted reading', ready],
  ])('ends when a person confirms %s', (_what, past) => {
    given(...past)
      .when(confirmAnalysis())
      .thenEvents(analysisConfirmed());
    given(...past)
      .when(confirmAnalysis())
      .thenState({
        status: 'ready',
        hasPatient: false,
        drugCount: 0,
        prescription: { keys: ['k1'], review: 'confirmed', analysis: 'e1' },
      });
  });

  it('ends when drugs are added by a person who has seen the reading, and not by others', () => {
    given(...doubtful)
      .when(addSeenDrugs('e1', ibuprofen))
      .thenEvents(seenDrugsAdded(ibuprofen));
    given(...doubtful, patientAdded, seenDrugsAdded(ibuprofen))
      .when(complete)
      .thenEvents(completed());
    given(...doubtful, patientAdded)
      .when(addDrugs(ibuprofen))
      .thenState({
        status: 'ready',
        hasPatient: true,
        drugCount: 1,
        prescription: { keys: ['k1'], review: 'to-review', analysis: 'e1' },
      });
  });

  it('changes nothing the second time', () => {
    given(...doubtful, analysisConfirmed())
      .when(confirmAnalysis())
      .thenEvents();
    given(...doubtful, seenDrugsAdded(ibuprofen))
      .when(confirmAnalysis())
      .thenEvents();
  });

  const replaced = [...doubtful, uploaded('k2'), analyzed('e2', doubtfulReading)];
  it.each<[string, readonly DispenseEvent[], string, string]>([
    ['with another id', doubtful, 'e9', 'dispense/another-analysis'],
    ['that was replaced by a newer one', replaced, 'e1', 'dispense/another-analysis'],
    ['of a dispense without a prescription', pending, 'e1', 'dispense/another-analysis'],
    ['of a prescription in its analysis', analyzing, 'e1', 'dispense/analyzing'],
    ['before a newer one that is under way', [...doubtful, uploaded('k2')], 'e1', 'dispense/analyzing'],
    ['of a cancelled dispense', [...doubtful, cancelled()], 'e1', 'dispense/cancelled'],
  ])('is refused for a reading %s', (_what, past, id, code) => {
    given(...past)
      .when(confirmAnalysis(id))
      .thenRejected(code);
    given(...past)
      .when(addSeenDrugs(id, ibuprofen))
      .thenRejected(code);
  });

  it('ends when the newest reading is confirmed, after an older one was', () => {
    given(...doubtful, analysisConfirmed(), uploaded('k2'), analyzed('e2', doubtfulReading))
      .when(confirmAnalysis('e2'))
      .thenEvents(analysisConfirmed('e2'));
  });

  it('is possible after completion, which an earlier release allowed', () => {
    given(...doubtful, ...patientAndDrugs, completed())
      .when(confirmAnalysis())
      .thenEvents(analysisConfirmed());
    given(...doubtful, ...patientAndDrugs, completed())
      .when(confirmAnalysis())
      .thenState({
        status: 'complete',
        hasPatient: true,
        drugCount: 1,
        prescription: { keys: ['k1'], review: 'confirmed', analysis: 'e1' },
      });
  });

  it('is for the newest reading: drugs that were added for an older one do not confirm it', () => {
    given(
      ...doubtful,
      seenDrugsAdded(ibuprofen),
      patientAdded,
      uploaded('k2'),
      analyzed('e2', doubtfulReading),
    )
      .when(complete)
      .thenRejected('dispense/analysis-unconfirmed');
  });
});

describe('the state in a snapshot', () => {
  const withPrescription = (prescription: object) => ({
    status: 'ready',
    hasPatient: true,
    drugCount: 0,
    prescription,
  });
  it.each([
    [true, { keys: ['k1'], review: 'under-way' }],
    [true, { keys: ['k1', 'k2'], review: 'to-review', analysis: 'e1' }],
    [false, { keys: ['k1'], review: 'to-review' }],
    [false, { keys: ['k1'], review: 'under-way', analysis: 'e1' }],
    [false, { keys: [], review: 'under-way' }],
    [false, { key: 'k1', analysis: 'done' }],
  ])('is usable (%j) with the prescription %j', (isUsable, prescription) => {
    expect(dispense.isState?.(withPrescription(prescription))).toBe(isUsable);
  });
});
