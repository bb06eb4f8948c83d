import { randomBytes } from 'node:crypto';
import { keptFile } from '../kept-file.ts';
import { UserError } from '../user-error.ts';
import { masterKeyBytes } from './local-kms.ts';

/** A key that lasts as long as the host. */
export function newMasterKey(): Buffer {
  return randomBytes(masterKeyBytes);
}

/**
 * The master key in a file, which only its owner can read. Creates it if there is none.
 * @throws {UserError} for a file of another user, a link, and a file that holds no such key.
 */
export async function masterKeyIn(file: string): Promise<Buffer> {
  const text = await keptFile(file, async () => newMasterKey().toString('hex'));
  if (new RegExp(`^[0-9a-f]{${2 * masterKeyBytes}}$`).test(text.trim())) return Buffer.from(text, 'hex');
  throw new UserError(
    `${file} is not a master key. Restore it, or delete the folder: without the key, its personal data is unreadable.`,
  );
}
