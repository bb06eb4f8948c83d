import { type Decision, reject } from '../../../kernel/index.ts';
import type { DispenseEvent } from './events.ts';

/** A patient as a command has one: plain. `now`: ISO 8601, UTC, ms. */
export interface Patient {
  readonly name: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  /** The person's number at an insurer or in a register. */
  readonly identifier?: string | undefined;
  /** Random. The same for every dispense of the person. */
  readonly personId: string;
  readonly now: string;
}

/** Adds the first patient. */
export function addPatient(patient: Patient, hasPatient: boolean): Decision<DispenseEvent> {
  if (hasPatient) {
    return reject('refused', 'dispense/patient-already-added', 'The dispense already has a patient.');
  }
  return unlessUnborn(patient) ?? [{ type: 'Dispense:PatientAdded', data: dataOf(patient) }];
}

/** Replaces the patient as a whole. The state does not know the fields, so the same patient again is an event too. */
export function correctPatient(patient: Patient, hasPatient: boolean): Decision<DispenseEvent> {
  if (!hasPatient) {
    return reject(
      'refused',
      'dispense/no-patient',
      'The dispense has no patient to correct. Add the patient.',
    );
  }
  return unlessUnborn(patient) ?? [{ type: 'Dispense:PatientCorrected', data: dataOf(patient) }];
}

/** Whether no place on Earth has the day of this birth yet. */
export function isUnborn({ birthDate, now }: Pick<Patient, 'birthDate' | 'now'>): boolean {
  return birthDate > latestDayOnEarth(now);
}

function unlessUnborn(patient: Patient): Decision<DispenseEvent> | undefined {
  if (!isUnborn(patient)) return undefined;
  return reject('invalid', 'dispense/birth-date-in-the-future', 'A birth date cannot be in the future.');
}

function dataOf({ name, birthDate, identifier, personId }: Patient) {
  return { name, birthDate, ...(identifier !== undefined && { identifier }), personId };
}

/** The latest calendar day that any time zone has at an instant: the day at UTC+14. As YYYY-MM-DD. */
function latestDayOnEarth(now: string): string {
  const aheadMs = 14 * 60 * 60 * 1_000;
  return new Date(Date.parse(now) + aheadMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}
