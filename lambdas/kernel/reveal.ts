import { ForeignCiphertextError } from './ciphertext.ts';
import { type Envelope, holdsEnvelope, isEnvelope } from './envelope.ts';
import { EventSourcingError } from './errors.ts';
import type { SubjectKey, SubjectKeys } from './subject-keys.ts';

/** What stands in the place of a personal value whose key is destroyed. */
export interface Erased {
  readonly erased: true;
}

/** The one value of {@link Erased}. */
export const erased: Erased = Object.freeze({ erased: true });

/** A type with {@link Erased} in the place of each envelope, at every depth. So a personal field is its plain type or `Erased`. */
export type Revealed<T> = T extends Envelope
  ? Erased
  : T extends readonly (infer Item)[]
    ? readonly Revealed<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Revealed<T[Key]> }
      : T;

/** The keys of some subjects, by name. A subject that is missing has no key any more. A `Map` is one. */
export interface FoundKeys {
  get(name: string): SubjectKey | undefined;
}

/** A stored value, and the stream whose events it is from. */
export interface StoredValue {
  readonly stream: string;
  readonly value: unknown;
}

/**
 * The keys that revealing these values needs: of the streams, at most 1,000, whose value has an envelope. Asks for nothing if none has
 * one. Throws an outage if the store or the key service does not answer.
 */
export async function keysToReveal(
  keys: Pick<SubjectKeys, 'findAll'>,
  values: readonly StoredValue[],
): Promise<FoundKeys> {
  const streams = values.filter(({ value }) => holdsEnvelope(value)).map(({ stream }) => stream);
  return streams.length === 0 ? new Map() : keys.findAll([...new Set(streams)]);
}

/**
 * Stored data of one stream with the plain value in the place of each envelope, or {@link erased} if its key is gone. Throws
 * `unreadable-event` for a ciphertext that was changed, or is of another stream or event. The error quotes nothing.
 */
export function reveal<T>(stored: T, stream: string, keys: FoundKeys): Revealed<T> {
  return (holdsEnvelope(stored) ? revealed(stored, stream, keys.get(stream)) : stored) as Revealed<T>;
}

function revealed(value: unknown, stream: string, key: SubjectKey | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isEnvelope(value)) return opened(value, stream, key);
  if (Array.isArray(value)) return value.map((item) => revealed(item, stream, key));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, revealed(field, stream, key)]),
  );
}

function opened(envelope: Envelope, stream: string, key: SubjectKey | undefined): unknown {
  // A stream that was restored after its erasure can have a newer key.
  if (key?.id !== envelope.key) return erased;
  try {
    return key.decrypt(stream, envelope);
  } catch (error) {
    if (!(error instanceof ForeignCiphertextError)) throw error;
    throw new EventSourcingError(
      'unreadable-event',
      stream,
      'A ciphertext was changed, or is of another stream or event.',
    );
  }
}
