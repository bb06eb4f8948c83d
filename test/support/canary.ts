import { createHash } from 'node:crypto';
import type { HttpClient, Reply } from './http-client.ts';
import type { Marks } from './marks.ts';

/** A person whom nothing else in a test is about. Each value is long enough to be found by chance nowhere. */
export const canary = {
  name: 'Philippa "Pip" Farthingale-Żuk',
  birthDate: '1931-07-19',
  identifier: 'RQ 943-476 5919',
} as const;

/** The same person, after the correction of a mistake. */
export const corrected = { ...canary, name: 'Philippina Farthingale-Żuk' } as const;

export const canaryDrug = {
  name: 'Quinceroot extract',
  strength: '77.25 mg/ml',
  form: 'lozenge of beeswax',
  quantity: 3,
  directions: 'beneath the quince tree at moonrise',
} as const;

/** Another person, with drugs and a document that the canary does not share: what stays of one must not be taken for the other. */
export const otherPerson = {
  name: 'Zebediah Quill',
  birthDate: '1950-05-05',
  identifier: 'ZQ 1950 0505',
} as const;

export const otherDrug = {
  name: 'Salt of larkspur',
  strength: '2 g',
  form: 'sachet',
  quantity: 8,
  directions: 'with a full glass',
} as const;

export const otherText = 'Cetirizine 10 mg tablet, 30, take one once daily\n';

export const canaryReason = 'Went home with a marmalade cough';

/** A caller's key that names the person, against all advice. */
export const canaryKey = 'pip-farthingale-1931-07-19';

/** A prescription that says nothing about the person: who has the text, has nothing. */
export const namelessText = 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days\n';

/** A prescription that names the person, with directions that only it has. */
export const namingText = `Patient: ${canary.name}
Ibuprofen 400 mg tablet, 20, take one tablet with gooseberry cordial
Stopped: Warfarin, gave her purple elbows
`;

/** The hash of a document, as an event has it. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What must be in no store at any time. */
export const canaryMarks: Marks = {
  name: canary.name,
  'family name': 'Farthingale',
  'corrected name': corrected.name,
  'birth date': canary.birthDate,
  identifier: canary.identifier,
  'normalised identifier': canary.identifier.replaceAll(/[^A-Z0-9]/gi, ''),
  drug: canaryDrug.name,
  strength: canaryDrug.strength,
  form: canaryDrug.form,
  directions: canaryDrug.directions,
  reason: canaryReason,
  'idempotency key': canaryKey,
  'hash of a document': hashOf(namelessText),
  'hash of a document that names': hashOf(namingText),
  'directions of a document': 'gooseberry cordial',
  'line of a document': 'purple elbows',
};

/** The marks that a document itself has. It is in its bucket, and under the bucket's key alone. */
export const documentMarks = ['name', 'family name', 'directions of a document', 'line of a document'];

/** Sends what the life of a dispense consists of, each request with the person's values where a caller can put some. */
export class CanaryCaller {
  readonly #call: HttpClient;
  readonly #baseUrl: () => string;

  constructor(call: HttpClient, baseUrl: () => string) {
    this.#call = call;
    this.#baseUrl = baseUrl;
  }

  /** Starts a dispense with a key that is the person's, and returns its id. */
  async start(key: string = canaryKey): Promise<string> {
    const { body } = await accepted(this.#send('POST', '/dispenses', {}, { 'idempotency-key': key }));
    return String(body['id']);
  }

  /** Adds the person, with another key that is the person's. */
  addPatient(id: string, patient: object = canary, key = `${canaryKey} patient`): Promise<Reply> {
    return this.#send('POST', `/dispenses/${id}/patient`, patient, { 'idempotency-key': key });
  }

  addDrugs(id: string, drugs: readonly object[] = [canaryDrug], key = `${canaryKey} drugs`): Promise<Reply> {
    return this.#send('POST', `/dispenses/${id}/drugs`, { drugs }, { 'idempotency-key': key });
  }

  correct(id: string, patient: object = corrected): Promise<Reply> {
    return this.#send('POST', `/dispenses/${id}/patient/correct`, patient);
  }

  /**
   * Makes the history of a dispense with a patient so large that a part of it can be sealed in a segment: more than 380 KB.
   * Its newest version is {@link longVersions} more than before.
   */
  async lengthen(id: string): Promise<void> {
    const filled = (text: string, chars: number) => text.padEnd(chars, '長');
    const { name, strength, form, quantity, directions } = canaryDrug;
    const largest = {
      name: filled(name, 200),
      strength: filled(strength, 100),
      form: filled(form, 100),
      quantity,
      directions: filled(directions, 500),
    };
    await accepted(this.addDrugs(id, Array<object>(50).fill(largest), `${canaryKey} all drugs`));
    for (let count = 1; count < longVersions; count += 1)
      await accepted(this.correct(id, { ...canary, name: filled(canary.name, 200) }));
  }

  cancel(id: string): Promise<Reply> {
    return this.#send('POST', `/dispenses/${id}/cancel`, { reason: canaryReason });
  }

  /** Uploads a text, and waits for nothing. */
  async upload(id: string, text: string): Promise<void> {
    const response = await fetch(`${this.#baseUrl()}/dispenses/${id}/prescription`, {
      method: 'PUT',
      headers: {
        'content-type': 'text/plain',
        'idempotency-key': `${canaryKey} upload ${text.length}`,
        ...telling,
      },
      body: text,
    });
    if (response.status !== 200) throw new Error(`The upload was answered ${response.status}.`);
  }

  /** Sends requests that are refused, for each reason. Returns their statuses. */
  async refusals(id: string): Promise<readonly number[]> {
    const path = `/dispenses/${id}/patient`;
    const requests: [string, string, object?, Readonly<Record<string, string>>?][] = [
      ['POST', path, { ...canary, birthDate: canary.name }],
      ['POST', path, { ...canary, [canary.name]: canary.identifier }],
      ['POST', path, [canary.name]],
      ['POST', path, { ...canary, identifier: '0' }],
      ['POST', path, canary, { 'if-match': '"99"' }],
      ['POST', path, { ...canary, name: canaryReason }, { 'idempotency-key': canaryKey }],
      ['POST', `/dispenses/${canary.name}/patient`, canary],
      ['POST', '/dispenses/00000000-0000-4000-8000-000000000000/patient', canary],
      ['GET', `/dispenses/${id}?name=${encodeURIComponent(canary.name)}`],
      ['GET', `/dispenses?cursor=${encodeURIComponent(canary.identifier)}`],
      ['GET', `/patients/${encodeURIComponent(canary.name)}`],
      ['POST', path, canary, { 'idempotency-key': 'Farthingal\u00e9' }],
    ];
    const statuses: number[] = [];
    for (const [method, target, json, headers] of requests) {
      statuses.push((await this.#send(method, encodeURI(target), json, headers)).status);
    }
    return statuses;
  }

  #send(
    method: string,
    path: string,
    json?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return this.#call(method, path, json, { ...telling, ...headers });
  }
}

/** How many versions {@link CanaryCaller.lengthen} adds. */
export const longVersions = 200;

/** Headers that callers choose. */
const telling = {
  'x-correlation-id': `case of ${canaryKey}`,
  'user-agent': `Farthingale/${canary.birthDate}`,
  'x-request-id': canaryKey,
};

/** The answer, which must be one of success. */
export async function accepted(sent: Promise<Reply>): Promise<Reply> {
  const reply = await sent;
  if (reply.status >= 300)
    throw new Error(`A request was answered ${reply.status} ${String(reply.body['type'])}.`);
  return reply;
}
