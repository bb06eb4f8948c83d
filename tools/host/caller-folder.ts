import { relative, resolve } from 'node:path';

/** The part of a process that tells where its caller is. */
export interface CalledProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `argv[1]` is the script that runs. */
  readonly argv: readonly string[];
  cwd(): string;
}

/**
 * The folder from which a user called this command: relative paths on the command line start there. npm runs scripts in the
 * project's folder and passes the caller's folder as INIT_CWD. That variable counts only if npm runs this very script, because
 * a process that an npm script starts inherits it too.
 */
export function callerFolder({ env, argv, cwd }: CalledProcess = process): string {
  const script = relative(cwd(), argv[1] ?? '');
  const isRunByNpm = script !== '' && env['npm_lifecycle_script']?.split(' ').includes(script);
  return (isRunByNpm ? env['INIT_CWD'] : undefined) ?? cwd();
}

/** The absolute path of a file or folder that the command line names. */
export function callerPath(path: string, called: CalledProcess = process): string {
  return resolve(callerFolder(called), path);
}
