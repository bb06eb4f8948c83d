import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The paths at which a program of this name would be, in the order of the PATH. */
export function pathsOf(name: string): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
