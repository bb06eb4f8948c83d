import { isNativeError } from 'node:util/types';
import {
  type FoundKeys,
  holdsEnvelope,
  keysToReveal,
  type Revealed,
  requireOwnEnvelopes,
  reveal,
  type StoredEvent,
  type SubjectKeys,
} from '../kernel/index.ts';

/** Stored data of one stream. */
interface StoredOf<T> {
  /** The name of the stream, without a tenant. */
  readonly stream: string;
  readonly value: T;
  /** The stream says that its personal values are erased: no key is used, also if a process still has it. Default: false. */
  readonly isErased?: boolean;
}

/** The keys that views use. `findAll` takes names of streams without a tenant. */
export type ViewKeys = Pick<SubjectKeys, 'findAll'>;

const noKeys: FoundKeys = new Map();

/**
 * Stored data of at most 1,000 streams, as views take it. Reads all keys at once, and none if nothing has an envelope. Throws an outage
 * if the keys cannot be read, and `unreadable-event` for a ciphertext that does not belong in its place.
 */
export async function revealedAll<T>(
  keys: ViewKeys,
  stored: readonly StoredOf<T>[],
): Promise<readonly Revealed<T>[]> {
  const found = await keysToReveal(
    keys,
    stored.filter(({ isErased }) => !isErased),
  );
  return stored.map(({ stream, value, isErased }) => reveal(value, stream, isErased ? noKeys : found));
}

/** Stored data of one stream, as views take it. Throws like {@link revealedAll}. */
export async function revealed<T>(
  keys: ViewKeys,
  stream: string,
  value: T,
  isErased = false,
): Promise<Revealed<T>> {
  const [shown] = await revealedAll(keys, [{ stream, value, isErased }]);
  return shown as Revealed<T>;
}

/** True if {@link revealed} would have values of this data as erased: their key is gone. Throws an outage. */
export async function hasErased(keys: ViewKeys, { stream, value }: StoredOf<unknown>): Promise<boolean> {
  return holdsEnvelope(value) && (await keysToReveal(keys, [{ stream, value }])).get(stream) === undefined;
}

/**
 * The data of stored events of one stream, as views take them. Throws like {@link revealedAll}, also if a ciphertext is of another event or
 * field of the stream, which decrypting does not see.
 */
export async function revealedEvents(
  keys: ViewKeys,
  stream: string,
  events: readonly StoredEvent[],
  isErased = false,
): Promise<readonly object[]> {
  for (const event of events) requireOwnEnvelopes(stream, event);
  const stored = events.map(({ data }) => data);
  return revealed(keys, stream, stored, isErased);
}

/** A view has failed. It has the place of the fault, but not the message, which may quote a personal value. */
export class ViewError extends Error {
  override readonly name = 'ViewError';
}

/** What a view returns for revealed data. Throws a {@link ViewError} if it throws. `noun`: what it shows. */
export function viewed<Answer>(noun: string, view: () => Answer): Answer {
  try {
    return view();
  } catch (error) {
    const failure = new ViewError(`The view of the ${noun} failed.`);
    if (isNativeError(error)) failure.stack = `${String(failure)} ${error.name}${framesOf(error)}`;
    throw failure;
  }
}

/** The stack without its first line, which has the message. */
function framesOf({ stack = '', message }: Error): string {
  const frames = stack.replace(message, '').match(/^ {4}at .*$/gm) ?? [];
  return ['', ...frames].join('\n');
}
