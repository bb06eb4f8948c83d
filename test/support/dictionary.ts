import { createHash, createHmac } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import {
  canary,
  canaryDrug,
  canaryKey,
  canaryMarks,
  canaryReason,
  corrected,
  hashOf,
  namelessText,
  namingText,
} from './canary.ts';
import type { Marks } from './marks.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** Digests are looked for by so many of their first characters, so that one that is cut off is found too. */
const keptChars = 18;
const algorithms = ['md5', 'sha1', 'sha256', 'sha512'] as const;
const encodings = ['hex', 'base64', 'base64url', 'latin1'] as const;

/** The namespace of ids that were derived from idempotency keys (RFC 9562, UUIDv5). */
const keyNamespace = '6f1c1b0e-6a43-4b6e-9a5c-0d5d3c8f7a21';

/** A command that an attacker guesses as a whole. */
export interface GuessedCommand {
  readonly id: string;
  readonly intent: readonly unknown[];
}

/** What an attacker guesses: texts, by names that may be told. */
export interface Guesses {
  readonly values: Marks;
  readonly keys: readonly string[];
  readonly commands: readonly GuessedCommand[];
  /** The callers that the log names. */
  readonly actors: readonly (string | null)[];
}

/**
 * What an attacker who guesses right would look for: hashes of the values, and of everything that the code hashes or has hashed, without any key, or with
 * one that is no secret.
 */
export function digestsOf({ values, keys, commands, actors }: Guesses): Marks {
  const owners = actors.flatMap((actor) => keys.map((key) => ({ actor, key })));
  const texts: Record<string, string> = {
    ...values,
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${name} as JSON`, JSON.stringify(value)]),
    ),
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${name} in lower case`, value.toLowerCase()]),
    ),
    ...Object.fromEntries(
      commands.flatMap(({ id, intent }) => [
        [`the command ${intent[0]} on ${id}`, JSON.stringify(['dispense', [id], intent])],
        [`the intent ${intent[0]}`, JSON.stringify(intent)],
        [`the body of ${intent[0]}`, JSON.stringify(intent[1])],
      ]),
    ),
    ...Object.fromEntries(
      owners.map(({ actor, key }) => [`the key of ${actor}`, JSON.stringify(['key', actor, key])]),
    ),
  };
  const ids = owners.flatMap(({ actor, key }) => [
    [
      `the derived id of ${actor}`,
      uuidv5(JSON.stringify(['new aggregate', 'dispense', actor, key]), keyNamespace),
    ],
    [`the earlier derived id of ${actor}`, uuidv5(`dispense of ${actor ?? 'anyone'}:${key}`, keyNamespace)],
  ]);
  return {
    ...Object.fromEntries(ids),
    ...Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => digests(name, text))),
  };
}

function digests(name: string, text: string): [string, string][] {
  const hashes = algorithms.map((algorithm): [string, Buffer] => [
    algorithm,
    createHash(algorithm).update(text).digest(),
  ]);
  const macs = ['', 'default', 'Tenant/default', text].map((key): [string, Buffer] => [
    `HMAC with the key "${key === text ? 'itself' : key}"`,
    createHmac('sha256', key).update(text).digest(),
  ]);
  return [...hashes, ...macs].flatMap(([how, digest]) =>
    encodings.map((encoding): [string, string] => [
      `${how} of ${name} (${encoding})`,
      digest.toString(encoding).slice(0, keptChars),
    ]),
  );
}

/** What an attacker finds: the names of the guesses that some stored bytes confirm. */
export async function confirmed(
  guesses: Guesses,
  all: AsyncIterable<StoredBytes>,
): Promise<{ readonly found: readonly string[]; readonly searchedBytes: number }> {
  const digests = Object.entries(digestsOf(guesses));
  const found = new Set<string>();
  let searchedBytes = 0;
  for await (const { place, bytes } of all) {
    searchedBytes += bytes.length;
    const content = bytes.toString('latin1');
    for (const [name, digest] of digests) if (content.includes(digest)) found.add(`${place}: ${name}`);
  }
  return { found: [...found], searchedBytes };
}

/** What an attacker knows who has met the canary, and has the ids of the dispenses. */
export function guessesAboutCanary(dispenses: readonly string[]): Guesses {
  const keys = [
    canaryKey,
    `${canaryKey} again`,
    `${canaryKey} patient`,
    `${canaryKey} drugs`,
    `${canaryKey} upload ${namelessText.length}`,
  ];
  const commands = dispenses.flatMap((id) => [
    { id, intent: ['AddPatient', canary] },
    { id, intent: ['AddPatient', corrected] },
    { id, intent: ['CorrectPatient', corrected] },
    { id, intent: ['AddDrugs', { drugs: [canaryDrug] }] },
    { id, intent: ['Cancel', { reason: canaryReason }] },
    { id, intent: ['UploadPrescription', hashOf(namelessText)] },
    { id, intent: ['UploadPrescription', { sha256: hashOf(namelessText) }] },
    { id, intent: ['UploadPrescription', hashOf(namingText), 'text/plain'] },
  ]);
  const documents = { 'a document': namelessText, 'a document that names': namingText };
  return { values: { ...canaryMarks, ...documents }, keys, commands, actors: [null] };
}
