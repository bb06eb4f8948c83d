import { messageOf, UserError } from '../../tools/host/user-error.ts';
import { fetchJars } from './jars.ts';
import { requireJava } from './java.ts';

/** Fetches DynamoDB Local. With --if-possible, a machine without Java or Maven gets a message, and the exit code is 0. */
try {
  requireJava();
  fetchJars();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(messageOf(error));
  if (!process.argv.includes('--if-possible')) process.exitCode = 1;
}
