import { messageOf, UserError } from '../../tools/host/user-error.ts';
import { fetchJars } from './jars.ts';
import { requireJava } from './java.ts';

/** Fetches DynamoDB Local. With --if-possible, a machine that cannot have it is told why, and that is no failure. */
try {
  requireJava();
  fetchJars();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(messageOf(error));
  if (!process.argv.includes('--if-possible')) process.exitCode = 1;
}
