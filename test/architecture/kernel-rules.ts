import { resolveImport, testFile } from './paths.ts';
import type { SourceFacts } from './source-facts.ts';

const kernelFile = /^lambdas\/kernel\//;

/**
 * The packages that each folder of the kernel may import: those under `types` only as types. The kernel could be
 * published with these dependencies alone.
 */
const kernelPackages: Readonly<
  Record<string, { readonly any: readonly string[]; readonly types: readonly string[] }>
> = {
  core: { any: ['node:crypto', 'node:util'], types: ['zod'] },
  rebuild: { any: [], types: [] },
  verify: { any: ['node:crypto'], types: [] },
  segments: { any: ['node:crypto', 'node:zlib'], types: [] },
  privacy: { any: ['node:crypto'], types: [] },
  memory: { any: [], types: [] },
  dynamodb: { any: ['node:crypto', '@aws-sdk/client-dynamodb'], types: [] },
  lambda: { any: [], types: ['aws-lambda'] },
};

/** The folders of the kernel that each of them may import besides itself. */
const kernelFolders: Readonly<Record<string, readonly string[]>> = {
  core: [],
  rebuild: ['core'],
  verify: ['core'],
  segments: ['core'],
  privacy: ['core'],
  memory: ['core', 'dynamodb', 'privacy', 'rebuild', 'segments'],
  dynamodb: ['core', 'privacy', 'rebuild', 'segments', 'verify'],
  lambda: ['core', 'dynamodb', 'segments'],
};

/** `core` for the kernel's own files, the name of the folder for those in a folder; undefined outside the kernel. */
export function kernelFolder(path: string): string | undefined {
  const [, folder, file] = /^lambdas\/kernel\/(?:([^/]+)\/)?([^/]+)$/.exec(path) ?? [];
  return file === undefined ? undefined : (folder ?? 'core');
}

/** Imports of a file of the kernel that its folder must not depend on: one sentence each. */
export function kernelDependencies(path: string, facts: SourceFacts): string[] {
  const folder = kernelFolder(path);
  if (folder === undefined) return [];
  const packages = kernelPackages[folder];
  return facts.imports.flatMap((imported) => {
    const target = resolveImport(path, imported);
    const { specifier, typeOnly } = imported;
    if (target === undefined) {
      const isAllowed =
        packages?.any.includes(specifier) || (typeOnly && packages?.types.includes(specifier));
      return isAllowed ? [] : [`${path} imports ${specifier}: kernel/${folder} must not depend on it`];
    }
    const to = kernelFolder(target);
    if (to === undefined || testFile.test(target) || to === folder || kernelFolders[folder]?.includes(to))
      return [];
    return [`${path} imports ${target}: kernel/${folder} -> kernel/${to}`];
  });
}

/** Imports of the kernel from outside that do not use the entry point of a folder, its `index.ts`. */
export function besideTheEntry(path: string, facts: SourceFacts): string[] {
  if (kernelFile.test(path) || path.startsWith('test/architecture/')) return [];
  return facts.imports.flatMap((imported) => {
    const target = resolveImport(path, imported);
    if (target === undefined || !kernelFile.test(target) || target.endsWith('/index.ts')) return [];
    return [`${path} imports ${target}: import the kernel by its index.ts`];
  });
}
