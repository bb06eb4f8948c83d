import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import {
  addDrugs,
  addPatient,
  amoxicillin,
  analysisFailed,
  analyzed,
  at,
  cancel,
  cancelled,
  complete,
  completed,
  drugsAdded,
  failAnalysis,
  ibuprofen,
  patient,
  patientAdded,
  recordAnalysis,
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
const failed = [started(), uploaded(), analysisFailed()];

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
        prescription: { key: 'k1', analysis: 'under-way' },
      });
  });

  it('can be uploaded after adding patient and drugs', () => {
    given(...pending, patientAdded, drugsAdded(ibuprofen))
      .when(upload())
      .thenState({
        status: 'analyzing',
        hasPatient: true,
        drugCount: 1,
        prescription: { key: 'k1', analysis: 'under-way' },
      });
  });

  it('can be replaced only after a failed analysis', () => {
    given(...failed)
      .when(upload('k2'))
      .thenEvents(uploaded('k2'));
    given(...analyzing)
      .when(upload('k2'))
      .thenRejected('dispense/analyzing');
    given(...ready)
      .when(upload('k2'))
      .thenRejected('dispense/already-analyzed');
  });
});

describe('the analysis', () => {
  it('makes the dispense ready, even if it failed, and adds no drugs', () => {
    given(...analyzing)
      .when(recordAnalysis())
      .thenEvents(analyzed());
    given(...analyzing)
      .when(recordAnalysis())
      .thenState({
        status: 'ready',
        hasPatient: false,
        drugCount: 0,
        prescription: { key: 'k1', analysis: 'done' },
      });
    given(...analyzing)
      .when(failAnalysis())
      .thenEvents(analysisFailed());
    given(...analyzing)
      .when(failAnalysis())
      .thenState({
        status: 'ready',
        hasPatient: false,
        drugCount: 0,
        prescription: { key: 'k1', analysis: 'failed' },
      });
  });

  it.each<[string, readonly DispenseEvent[]]>([
    ['was never uploaded', pending],
    ['was read already', ready],
    ['could not be read', failed],
    ['was replaced', [...failed, uploaded('k2', at(3))]],
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
    ['ready', ready],
    ['ready without an analysis', failed],
  ])('are added by hand while %s', (_what, past) => {
    given(...past)
      .when(addPatient)
      .thenEvents(patientAdded);
    given(...past)
      .when(addDrugs(amoxicillin, ibuprofen))
      .thenEvents(drugsAdded(amoxicillin, ibuprofen));
  });

  it('cannot be added during the analysis', () => {
    given(...analyzing)
      .when(addPatient)
      .thenRejected('dispense/analyzing');
    given(...analyzing)
      .when(addDrugs(amoxicillin))
      .thenRejected('dispense/analyzing');
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

describe('completing a dispense', () => {
  it('requires a patient and a drug, pending or ready', () => {
    given(...pending, patientAdded, drugsAdded(ibuprofen))
      .when(complete)
      .thenEvents(completed());
    given(...ready, drugsAdded(amoxicillin), patientAdded)
      .when(complete)
      .thenEvents(completed());
    given(...failed, drugsAdded(amoxicillin), patientAdded)
      .when(complete)
      .thenState({
        status: 'complete',
        hasPatient: true,
        drugCount: 1,
        prescription: { key: 'k1', analysis: 'failed' },
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

  it('is refused during the analysis', () => {
    given(started(), patientAdded, drugsAdded(ibuprofen), uploaded())
      .when(complete)
      .thenRejected('dispense/analyzing');
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

const byPeople = [upload(), addPatient, addDrugs(ibuprofen), complete, cancel];

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
  it.each([...byPeople, recordAnalysis(), failAnalysis()])('refuses $type', (command) => {
    given().when(command).thenRejected('dispense/not-found');
  });
});
