import type { Caller, Upload } from './caller.ts';
import { clearText, doubtfulText, noPrescription, pdf, photograph } from './prescriptions.ts';

/** A picture takes seconds, on a busy machine longer. */
const analysisTimeoutMs = 120_000;

interface Analyzed {
  readonly state: string;
  readonly prescription?: { readonly analysis?: { readonly id: string } };
}

const jane = { name: 'Jane Sample', birthDate: '1980-02-29' };
const john = { name: 'John Specimen', birthDate: '1957-11-03' };
const amoxicillin = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: 'Take one three times daily',
};

/** Dispenses in every state that lasts. Returns the id of one that waits for a review. */
export async function makeDispenses(caller: Caller): Promise<string> {
  // All documents first: they are read while other requests are answered.
  await upload(caller, 'photograph', await photograph());
  const doubtful = await upload(caller, 'doubtful', doubtfulText);
  const reviewed = await upload(caller, 'reviewed', doubtfulText);
  const complete = await upload(caller, 'complete', clearText);
  const others = [
    await upload(caller, 'text', clearText),
    await upload(caller, 'pdf', pdf()),
    await upload(caller, 'no-prescription', noPrescription),
  ];
  await start(caller, 'empty');
  await addPatient(caller, 'new', await start(caller, 'new'), john);
  await prepare(caller);
  await cancel(caller);
  await addPatient(caller, 'doubtful', doubtful, jane);
  await review(caller, reviewed);
  await finish(caller, complete);
  for (const id of [doubtful, ...others]) await untilAnalyzed(caller, id);
  return doubtful;
}

/** A dispense without patient, drugs and prescription. */
export function start(caller: Caller, name: string): Promise<string> {
  return caller.post(`start-${name}`, '/dispenses');
}

async function upload(caller: Caller, name: string, document: Upload): Promise<string> {
  const id = await start(caller, name);
  await caller.upload(`upload-${name}`, 'PUT', `/dispenses/${id}/prescription`, document);
  return id;
}

async function addPatient(caller: Caller, name: string, id: string, patient: object): Promise<void> {
  await caller.post(`patient-${name}`, `/dispenses/${id}/patient`, patient);
}

/** A person has seen the doubtful analysis and confirmed it. The drugs are still to be added. */
async function review(caller: Caller, id: string): Promise<void> {
  await addPatient(caller, 'reviewed', id, john);
  const { prescription } = await untilAnalyzed(caller, id);
  const analysis = prescription?.analysis?.id;
  await caller.post('confirm', `/dispenses/${id}/analysis/confirm`, { analysis });
}

async function finish(caller: Caller, id: string): Promise<void> {
  await addPatient(caller, 'complete', id, jane);
  await untilAnalyzed(caller, id);
  await caller.post('drugs', `/dispenses/${id}/drugs`, { drugs: [amoxicillin] });
  await caller.post('complete', `/dispenses/${id}/complete`);
}

/** Has all that completing it needs. */
async function prepare(caller: Caller): Promise<void> {
  const id = await start(caller, 'prepared');
  await addPatient(caller, 'prepared', id, jane);
  await caller.post('prepared-drugs', `/dispenses/${id}/drugs`, { drugs: [amoxicillin] });
}

async function cancel(caller: Caller): Promise<void> {
  const id = await start(caller, 'cancelled');
  await caller.post('cancel', `/dispenses/${id}/cancel`, { reason: 'Collected elsewhere' });
}

function untilAnalyzed(caller: Caller, id: string): Promise<Analyzed> {
  return caller.until<Analyzed>(`/dispenses/${id}`, (dispense) => dispense?.state !== 'analyzing', {
    timeoutMs: analysisTimeoutMs,
    what: 'The analysis of a prescription',
  });
}
