import { posix } from 'node:path';
import type { SourceImport } from './source-facts.ts';

/** Specs, and files that only specs use, may import anything. */
export const testFile = /\.(spec|contract|fixture)\.ts$|^test\/|^lambdas\/kernel\/testing\//;

/** The path of a relative import from the root; undefined for a package. */
export function resolveImport(path: string, { specifier }: SourceImport): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
}
