import type { FieldPlace } from './ciphertext.ts';
import type { Envelope } from './envelope.ts';

/** The data key of one data subject. */
export interface SubjectKey {
  /** Names the key in envelopes. Random: it says nothing about the person. */
  readonly id: string;
  /** The envelope of a value, which is plain JSON. */
  encrypt(stream: string, place: FieldPlace, value: unknown): Envelope;
  /** The value in an envelope of this key. Throws `ForeignCiphertextError`. */
  decrypt(stream: string, envelope: Envelope): unknown;
  /** HMAC-SHA-256 of the parts, as base64url. The parts are encoded as JSON, so different parts are never the same text. */
  mac(...parts: readonly (string | null)[]): string;
}

/**
 * The keys of data subjects, by name. The name of a subject is that of its stream: `dispense/<id>`; that of a tenant's search key is
 * {@link tenantKeyName}. A destroyed key is gone: `find` answers undefined, for ever.
 */
export interface SubjectKeys {
  /**
   * The key with this name. Undefined: it was never created, or is destroyed. The answer can be of a key that was destroyed up to
   * {@link keyCacheMs} ago; one that was created is always found. Throws an outage if the store or the key service does not answer.
   */
  find(name: string): Promise<SubjectKey | undefined>;
  /** The keys that exist of these names, at most 1,000. */
  findAll(names: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>>;
  /** The key with this name. Creates it if there is none. Of two calls at the same time, both get the same key. */
  create(name: string): Promise<SubjectKey>;
}

/** How long a process may use a key that it has read, in ms. After it, nobody can read what a destroyed key encrypted. */
export const keyCacheMs = 5 * 60 * 1_000;

/** The name of the key by which a tenant's persons are found. No stream has such a name: it has an upper-case letter. */
export function tenantKeyName(tenant: string): string {
  return `Tenant/${tenant}`;
}

/** A data key as it is stored: wrapped by the key service. */
export interface StoredKey {
  /** Of the key: random. */
  readonly id: string;
  readonly wrapped: Uint8Array;
  /** ISO 8601, UTC, ms. */
  readonly createdAt: string;
}

/** The table of keys. Reads are strongly consistent. */
export interface SubjectKeyStore {
  find(name: string): Promise<StoredKey | undefined>;
  /** Those that exist of these names, at most 1,000. */
  findAll(names: readonly string[]): Promise<ReadonlyMap<string, StoredKey>>;
  /** Stores a key unless the name has one. Answers the one that is stored then. */
  create(name: string, key: StoredKey): Promise<StoredKey>;
}

/** Destroys keys: only the eraser can. */
export interface SubjectKeyDestroyer {
  /** Destroys a key. Harmless if there is none. */
  destroy(name: string): Promise<void>;
  /** A page of the keys that were created before an instant, in any order. `after`: `next` of the page before. */
  createdBefore(
    instant: string,
    after?: string,
  ): Promise<{ readonly names: readonly string[]; readonly next?: string }>;
}

/** The key service: it holds the key that wraps data keys, and never gives it away. */
export interface KeyWrapper {
  /** A new data key, plain and wrapped. `name`: it is bound to the wrapped key (encryption context). */
  generate(name: string, id: string): Promise<{ readonly plain: Uint8Array; readonly wrapped: Uint8Array }>;
  /** The plain data key. Throws if it was wrapped for another name or id. */
  unwrap(name: string, id: string, wrapped: Uint8Array): Promise<Uint8Array>;
}
