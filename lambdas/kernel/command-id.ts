import { createHash } from 'node:crypto';
import { defaultTenant, type StreamName } from './stream-name.ts';
import type { SubjectKey } from './subject-keys.ts';

/**
 * The first character of every command id without a data key. A key has only printable ASCII characters, also in every earlier release, so
 * no key that a caller sends, and no command id of an earlier release, can be equal to a command id.
 */
const tag = '§';

/** The first character of an id under the key of its stream. So such a commit is known without the key. */
const keyedTag = '¶';

/** Whose key it is. `caller`: undefined for a request without a caller; such requests of a tenant share one space of keys. */
export interface KeyOwner {
  readonly tenant: string;
  readonly caller: string | undefined;
}

/** The id of a command with a caller's key. Each caller has a space of keys in each tenant. */
export function commandIdOfKey({ tenant, caller }: KeyOwner, key: string): string {
  const owner = tenant === defaultTenant ? [] : [tenant];
  return hashOf('key', ...owner, caller ?? null, key);
}

/**
 * The id of the command that an automation sends because of an event: the same for every delivery. Automations have
 * spaces of their own. No request can reach them, whatever its caller and key.
 */
export function commandIdOfReaction(automation: string, eventId: string): string {
  return hashOf('reaction', automation, eventId);
}

/** The id of a command that has no key. `newId`: a unique id. */
export function commandIdWithoutKey(newId: string): string {
  return tag + newId;
}

/**
 * The command id for the commit on one of the streams. The command's own id belongs to the first stream. The other streams
 * get a derived id: no other command has it there.
 */
export function commandIdOn(stream: StreamName, first: StreamName, commandId: string): string {
  return stream === first ? commandId : hashOf('other stream', first, commandId);
}

/**
 * The command id for a commit on a stream with a data key. Whoever guesses the caller's key cannot confirm it. `commandId`: from
 * {@link commandIdOn}.
 */
export function keyedCommandId(key: Pick<SubjectKey, 'mac'>, commandId: string): string {
  return keyedTag + key.mac('command id', commandId);
}

/** True if a commit with this id was stored under a data key. */
export function isKeyedCommandId(commandId: string): boolean {
  return commandId.startsWith(keyedTag);
}

/** The parts are encoded as JSON, so different parts are never the same text. */
function hashOf(...parts: readonly (string | null)[]): string {
  return tag + sha256(JSON.stringify(parts));
}

/** SHA-256 of a text, as base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
