import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import {
  addDrugs,
  addPage,
  addPatient,
  amoxicillin,
  analysisConfirmed,
  analyzed,
  analyzing,
  cancel,
  cancelled,
  complete,
  completed,
  confirmAnalysis,
  correctPatient,
  doubtful,
  drugsAdded,
  erase,
  erased,
  failAnalysis,
  failed,
  ibuprofen,
  patient,
  patientAdded,
  patientAndDrugs,
  patientCorrected,
  pending,
  personId,
  ready,
  recordAnalysis,
  seenDrugsAdded,
  start,
  started,
  upload,
  uploaded,
} from './dispense.fixture.ts';
import { type DispenseCommand, dispense } from './dispense.ts';

const { given } = scenariosOf(dispense);
const drugs = (count: number) => Array.from({ length: count }, () => ibuprofen);

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
    personId,
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
      .thenEvents({ type: 'Dispense:PatientAdded', data: { name: patient.name, birthDate, personId } });
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

describe('correcting the patient', () => {
  it.each([
    ['pending', pending],
    ['analyzing', analyzing],
    ['ready', ready],
    ['complete', [...pending, drugsAdded(ibuprofen)]],
  ])('is possible while %s, and changes no status', (_what, past) => {
    const before = [...past, patientAdded];
    given(...before)
      .when(correctPatient)
      .thenEvents(patientCorrected);
    given(...before)
      .when(correctPatient)
      .thenState(before.reduce(dispense.evolve, dispense.initialState()));
  });

  it.each([
    ['complete', [...pending, patientAdded, drugsAdded(ibuprofen), completed()]],
    ['cancelled', [...pending, patientAdded, cancelled()]],
    ['corrected', [...pending, patientAdded, patientCorrected]],
  ])('is possible on a dispense that is %s', (_what, past) => {
    given(...past)
      .when(correctPatient)
      .thenEvents(patientCorrected);
  });

  it('needs a patient', () => {
    given(...pending)
      .when(correctPatient)
      .thenRejected('dispense/no-patient');
    given(...pending, cancelled())
      .when(correctPatient)
      .thenRejected('dispense/no-patient');
  });

  it('refuses a birth date in the future', () => {
    given(...pending, patientAdded)
      .when({ ...correctPatient, birthDate: '2026-01-04' } as DispenseCommand)
      .thenRejected('dispense/birth-date-in-the-future');
  });
});

describe('erasing a dispense', () => {
  it.each([
    ['pending', pending, 'cancelled'],
    ['analyzing', analyzing, 'cancelled'],
    ['ready', [...ready, ...patientAndDrugs], 'cancelled'],
    ['cancelled', [...pending, cancelled()], 'cancelled'],
    ['complete', [...pending, ...patientAndDrugs, completed()], 'complete'],
  ])('that is %s records it, and ends the dispense', (_what, past, status) => {
    given(...past)
      .when(erase)
      .thenEvents(erased());
    const before = past.reduce(dispense.evolve, dispense.initialState());
    given(...past)
      .when(erase)
      .thenState({ ...before, status, isErased: true } as typeof before);
  });

  const ended = [...ready, ...patientAndDrugs, completed(), erased()];

  it('has no effect the second time', () => {
    given(...ended)
      .when(erase)
      .thenEvents();
  });

  it.each([start, ...byPeople, correctPatient, confirmAnalysis()])('refuses $type after it', (command) => {
    given(...ended)
      .when(command)
      .thenRejected('dispense/erased');
    given(...pending, erased())
      .when(command)
      .thenRejected('dispense/erased');
  });

  it.each([recordAnalysis(), failAnalysis()])('ignores $type after it', (command) => {
    given(...analyzing, erased())
      .when(command)
      .thenEvents();
  });
});

describe('a dispense that was never started', () => {
  it.each([...byPeople, correctPatient, erase, confirmAnalysis(), recordAnalysis(), failAnalysis()])(
    'refuses $type',
    (command) => {
      given().when(command).thenRejected('dispense/not-found');
    },
  );
});
