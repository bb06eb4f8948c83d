/** The exit code then: 128 + 2, the number of SIGINT, is what a shell expects. */
export const stoppedCode = 130;

/** A signal has stopped this command. The message says what goes on, and how to continue. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor(message = 'Stopped.') {
    super(message);
  }
}

/** Does some work. If a signal stops it, the error has this message. */
export async function orStopped<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Stopped ? new Stopped(message) : error;
  }
}
