import { fetchJars } from '../../tools/host/engines/dynamodb/jars.ts';
import { requireJdk } from '../../tools/host/engines/dynamodb/java.ts';
import { messageOf, UserError } from '../../tools/host/user-error.ts';

/** Fetches DynamoDB Local. With --if-possible, a machine without Java or Maven gets a message, and the exit code is 0. */
try {
  requireJdk();
  await fetchJars();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(messageOf(error));
  if (!process.argv.includes('--if-possible')) process.exitCode = 1;
}
