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
  const stories = await Promise.all([
    toReview(caller),
    started(caller),
    withPatient(caller),
    analyzed(caller, 'text', clearText),
    analyzed(caller, 'pdf', pdf()),
    analyzed(caller, 'photograph', await photograph()),
    analyzed(caller, 'no-prescription', noPrescription),
    reviewed(caller),
    complete(caller),
    cancelled(caller),
  ]);
  return stories[0];
}

/** Has no patient, no drugs and no prescription. */
export function started(caller: Caller): Promise<string> {
  return caller.post('start-empty', '/dispenses');
}

async function withPatient(caller: Caller): Promise<string> {
  const id = await caller.post('start-patient', '/dispenses');
  await caller.post('patient', `/dispenses/${id}/patient`, john);
  return id;
}

/** Has a document that was read, or that could not be read as a prescription. */
async function analyzed(caller: Caller, name: string, document: Upload): Promise<string> {
  const id = await caller.post(`start-${name}`, '/dispenses');
  await caller.upload(`upload-${name}`, 'PUT', `/dispenses/${id}/prescription`, document);
  await untilAnalyzed(caller, id);
  return id;
}

async function toReview(caller: Caller): Promise<string> {
  const id = await analyzed(caller, 'doubtful', doubtfulText);
  await caller.post('doubtful-patient', `/dispenses/${id}/patient`, jane);
  return id;
}

/** A person has seen the doubtful analysis and confirmed it. The drugs are still to be added. */
async function reviewed(caller: Caller): Promise<string> {
  const id = await analyzed(caller, 'reviewed', doubtfulText);
  const { prescription } = await untilAnalyzed(caller, id);
  const analysis = prescription?.analysis?.id;
  await caller.post('reviewed-patient', `/dispenses/${id}/patient`, john);
  await caller.post('confirm', `/dispenses/${id}/analysis/confirm`, { analysis });
  return id;
}

async function complete(caller: Caller): Promise<string> {
  const id = await analyzed(caller, 'complete', clearText);
  await caller.post('complete-patient', `/dispenses/${id}/patient`, jane);
  await caller.post('complete-drugs', `/dispenses/${id}/drugs`, { drugs: [amoxicillin] });
  await caller.post('complete', `/dispenses/${id}/complete`);
  return id;
}

async function cancelled(caller: Caller): Promise<string> {
  const id = await caller.post('start-cancelled', '/dispenses');
  await caller.post('cancel', `/dispenses/${id}/cancel`, { reason: 'Collected elsewhere' });
  return id;
}

function untilAnalyzed(caller: Caller, id: string): Promise<Analyzed> {
  return caller.until<Analyzed>(`/dispenses/${id}`, (dispense) => dispense?.state !== 'analyzing', {
    timeoutMs: analysisTimeoutMs,
    what: 'The analysis of a prescription',
  });
}
