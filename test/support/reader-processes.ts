import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that reads a document. */
export interface ReaderProcess {
  readonly pid: number;
  /** Of the process that started it: the one that runs the analyzer. */
  readonly parent: number;
}

/** The processes that read a document: those that a program started, by the id of its process, or whose code is in a folder. */
export async function readersOf(owner: number | string): Promise<ReaderProcess[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const isOwn = typeof owner === 'number' ? Number(parent) === owner : args.includes(owner);
    const isReader = args.includes('readers/read-document.js');
    return isOwn && isReader ? [{ pid: Number(pid), parent: Number(parent) }] : [];
  });
}
