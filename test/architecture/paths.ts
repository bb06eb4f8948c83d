import { posix } from 'node:path';
import type { SourceImport } from './source-facts.ts';

/** Specs, the bench, and files that only they use, may import anything. */
export const testFile = /\.(spec|contract|fixture)\.ts$|^(test|bench)\/|^lambdas\/kernel\/testing\//;

/** The path of a relative import from the root; undefined for a package. */
export function resolveImport(path: string, { specifier }: SourceImport): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
}
