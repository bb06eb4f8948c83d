import { messageOf, UserError } from '../../tools/host/user-error.ts';
import { jaegerProgram, whyNoJaeger } from './program.ts';

/** Builds Jaeger, unless it is built. Does nothing on a machine without Go: the specs are then skipped, and say why. */
try {
  if (whyNoJaeger() === undefined) await jaegerProgram(console.error);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(messageOf(error));
  process.exitCode = 1;
}
