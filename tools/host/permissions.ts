import { accessSync, constants, mkdirSync } from 'node:fs';
import { messageOf, UserError } from './user-error.ts';

/**
 * Makes a folder of the project, such as one in its cache, unless it exists, and checks that this user can write to it.
 * @throws {UserError} when the user cannot: the project may be another user's.
 */
export function requireWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(
      `This user cannot write to ${folder} (${messageOf(error)}): clone the project as this user, or give it the folder.`,
    );
  }
}
