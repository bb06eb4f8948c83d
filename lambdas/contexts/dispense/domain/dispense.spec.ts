import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import {
  addDrugs,
  addPage,
  addPatient,
  addSeenDrugs,
  amoxicillin,
  analysisConfirmed,
  analysisFailed,
  analyzed,
  at,
  cancel,
  cancelled,
  complete,
  completed,
  confirmAnalysis,
  doubtfulReading,
  drugsAdded,
  failAnalysis,
  ibuprofen,
  patient,
  patientAdded,
  recordAnalysis,
  seenDrugsAdded,
  start,
  started,
  upload,
  uploaded,
} from './dispense.fixture.ts';
import { type DispenseCommand, dispense } from './dispense.ts';
import type { DispenseEvent } from './events.ts';

const { given } = scenariosOf(dispense);
const drugs = (count: number) => Array.from({ length: count }, () => ibuprofen);

/** Events after which a dispense has each status. */
const pending = [started()];
const analyzing = [started(), uploaded()];
const ready = [started(), uploaded(), analyzed()];
const doubtful = [started(), uploaded(), analyzed('e1', doubtfulReading)];
const failed = [started(), uploaded(), analysisFailed()];
/** What a dispense needs besides its prescription. */
const patientAndDrugs = [patientAdded, drugsAdded(ibuprofen)];

describe('starting a dispense', () => {
  it('makes it pending', () => {
    given().when(start).thenEvents(started());
    given().when(start).thenState({ status: 'pending', hasPatient: false, drugCount: 0 });
  });

  it('is possible only once', () => {
    given(...pending)
      .when(start)
      .thenRejected('dispense/already-started');
    given(...pending, cancelled())
      .when(start)
      .thenRejected('dispense/already-started');
  });
});

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

describe('patient and drugs', () => {
  it.each([
    ['pending', pending],
    ['analyzing', analyzing],
    ['ready', ready],
    ['ready with a reading that a person must review', doubtful],
    ['ready without an analysis', failed],
  ])('are added by hand while %s', (_what, past) => {
    given(...past)
      .when(addPatient)
      .thenEvents(patientAdded);
    given(...past)
      .when(addDrugs(amoxicillin, ibuprofen))
      .thenEvents(drugsAdded(amoxicillin, ibuprofen));
  });

  it('leave a dispense in its analysis', () => {
    given(...analyzing, patientAdded)
      .when(addDrugs(amoxicillin))
      .thenState({
        status: 'analyzing',
        hasPatient: true,
        drugCount: 1,
        prescription: { keys: ['k1'], review: 'under-way' },
      });
  });

  it('have nothing to do with no drugs', () => {
    given(...doubtful)
      .when(addDrugs())
      .thenEvents();
  });

  it('include only one patient', () => {
    given(...pending, patientAdded)
      .when(addPatient)
      .thenRejected('dispense/patient-already-added');
  });

  it('include up to 50 drugs in total', () => {
    given(...pending)
      .when(addDrugs(...drugs(50)))
      .thenEvents(drugsAdded(...drugs(50)));
    given(...pending, drugsAdded(...drugs(49)))
      .when(addDrugs(ibuprofen))
      .thenEvents(drugsAdded(ibuprofen));
    given(...pending)
      .when(addDrugs(...drugs(51)))
      .thenRejected('dispense/too-many-drugs');
    given(...pending, drugsAdded(...drugs(49)))
      .when(addDrugs(...drugs(2)))
      .thenRejected('dispense/too-many-drugs');
  });

  const bornOn = (birthDate: string, now: string): DispenseCommand => ({
    type: 'AddPatient',
    name: patient.name,
    birthDate,
    now,
  });

  it.each([
    ['of a child that is born in Auckland today', '2026-11-26', '2026-11-25T18:43:00.000Z'],
    ['of today in UTC', '2026-11-25', '2026-11-25T18:43:00.000Z'],
    ['of tomorrow as soon as it is tomorrow at UTC+14', '2026-11-26', '2026-11-25T10:00:00.000Z'],
    ['of a leap day that has begun at UTC+14 only', '2028-02-29', '2028-02-28T10:00:00.000Z'],
    ['of the day after a leap day', '2028-03-01', '2028-02-29T10:00:00.000Z'],
    ['of the first of March in a year without a leap day', '2026-03-01', '2026-02-28T10:00:00.000Z'],
    ['of a new year that has begun at UTC+14 only', '2027-01-01', '2026-12-31T10:00:00.000Z'],
  ])('include a birth date %s', (_what, birthDate, now) => {
    given(...pending)
      .when(bornOn(birthDate, now))
      .thenEvents({ type: 'Dispense:PatientAdded', data: { name: patient.name, birthDate } });
  });

  it.each([
    ['1 ms before it is tomorrow at UTC+14', '2026-11-26', '2026-11-25T09:59:59.999Z'],
    ['on the day after tomorrow', '2026-11-27', '2026-11-25T23:59:59.999Z'],
    ['on a leap day, 1 ms too early', '2028-02-29', '2028-02-28T09:59:59.999Z'],
    ['in a new year, 1 ms too early', '2027-01-01', '2026-12-31T09:59:59.999Z'],
  ])('include no birth date in the future: %s', (_what, birthDate, now) => {
    given(...pending)
      .when(bornOn(birthDate, now))
      .thenRejected('dispense/birth-date-in-the-future');
  });

  it('have no personal data in the state, which snapshots store', () => {
    const state = [...pending, patientAdded].reduce(dispense.evolve, dispense.initialState());
    expect(state).toEqual({ status: 'pending', hasPatient: true, drugCount: 0 });
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

describe('completing a dispense', () => {
  it('requires a patient and a drug, pending or ready', () => {
    given(...pending, patientAdded, drugsAdded(ibuprofen))
      .when(complete)
      .thenEvents(completed());
    given(...ready, drugsAdded(amoxicillin), patientAdded)
      .when(complete)
      .thenEvents(completed());
    given(...failed, seenDrugsAdded(amoxicillin), patientAdded)
      .when(complete)
      .thenState({
        status: 'complete',
        hasPatient: true,
        drugCount: 1,
        prescription: { keys: ['k1'], review: 'confirmed', analysis: 'e1' },
      });
  });

  it('is refused if either is missing, even after an analysis', () => {
    given(...pending, drugsAdded(ibuprofen))
      .when(complete)
      .thenRejected('dispense/no-patient');
    given(...pending, patientAdded)
      .when(complete)
      .thenRejected('dispense/no-drugs');
    given(...ready, patientAdded)
      .when(complete)
      .thenRejected('dispense/no-drugs');
  });

  it.each([
    ['before the upload', [started(), ...patientAndDrugs, uploaded()]],
    ['during it', [...analyzing, ...patientAndDrugs]],
  ])('is refused during the analysis, with drugs added %s', (_what, past) => {
    given(...past)
      .when(complete)
      .thenRejected('dispense/analyzing');
  });

  it.each([
    ['a reading that is not trusted', doubtful],
    ['a failed analysis', failed],
  ])('is refused until a person has confirmed %s', (_what, past) => {
    given(...past, ...patientAndDrugs)
      .when(complete)
      .thenRejected('dispense/analysis-unconfirmed');
    given(...past, ...patientAndDrugs, analysisConfirmed())
      .when(complete)
      .thenEvents(completed());
    given(...past, ...patientAndDrugs, uploaded('k2'), analyzed('e2'))
      .when(complete)
      .thenEvents(completed());
  });
});

describe('cancelling a dispense', () => {
  it.each([
    ['pending', pending],
    ['analyzing', analyzing],
    ['ready', ready],
  ])('is possible while %s', (_what, past) => {
    given(...past)
      .when(cancel)
      .thenEvents(cancelled());
  });
});

const byPeople = [upload(), addPage(), addPatient, addDrugs(ibuprofen), complete, cancel];

describe('a dispense that has ended', () => {
  it.each(byPeople)('refuses $type', (command) => {
    given(...pending, cancelled())
      .when(command)
      .thenRejected('dispense/cancelled');
    given(...pending, patientAdded, drugsAdded(ibuprofen), completed())
      .when(command)
      .thenRejected('dispense/complete');
  });
});

describe('a dispense that was never started', () => {
  it.each([...byPeople, confirmAnalysis(), recordAnalysis(), failAnalysis()])('refuses $type', (command) => {
    given().when(command).thenRejected('dispense/not-found');
  });
});
