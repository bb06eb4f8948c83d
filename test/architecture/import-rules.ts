import { besideTheEntry, kernelDependencies, kernelFolder } from './kernel-rules.ts';
import { resolveImport, testFile } from './paths.ts';
import { type SourceFacts, type SourceImport, sourceFacts } from './source-facts.ts';

/** The sources of a tree: path from the root, with slashes, to text. */
export type SourceTree = Readonly<Record<string, string>>;

/** Parts of the tree, and the parts that each may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  functions: ['contexts', 'system', 'runtime', 'http', 'messaging', 'tracing', 'kernel', 'schema'],
  contexts: ['http', 'messaging', 'kernel', 'aws', 'schema'],
  system: ['http', 'messaging', 'kernel', 'schema'],
  runtime: ['http', 'messaging', 'tracing', 'kernel', 'aws', 'schema'],
  tracing: ['kernel', 'aws', 'schema'],
  http: ['kernel', 'schema'],
  messaging: ['kernel'],
  kernel: [],
  aws: ['schema'],
  schema: [],
  lib: ['schema'],
  bin: ['lib', 'tools'],
  tools: ['schema', 'kernel'],
};

/** A context's business rules. */
const domainFile = /^lambdas\/contexts\/[^/]+\/domain\//;

/** Packages that do I/O or depend on a clock or on randomness. */
const impurePackage = /^(node:|@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|@middy\/|aws-|uuid$)/;

/** Functions of these packages whose result depends on their arguments only. */
const pureFunctions: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash', 'createHmac', 'hash', 'timingSafeEqual'],
  'node:util': ['isDeepStrictEqual'],
};

/** One sentence for each violation of the directions in the design. */
export function violations(tree: SourceTree): string[] {
  const facts = new Map(Object.entries(tree).map(([path, text]) => [path, sourceFacts(text)]));
  const production = [...facts].filter(([path]) => !testFile.test(path));
  const inside = [...facts].flatMap(([path, found]) => besideTheEntry(path, found));
  const outside = production.flatMap(([path, found]) => [
    ...wrongDirections(path, found),
    ...environmentReads(path, found),
    ...kernelDependencies(path, found),
    ...(mustBePure(path) ? impurities(path, facts) : []),
  ]);
  return [...outside, ...inside];
}

/** True for files that must be pure: a context's business rules, and the kernel's core. */
export function mustBePure(path: string): boolean {
  return (domainFile.test(path) || kernelFolder(path) === 'core') && !testFile.test(path);
}

function partOf(path: string): string {
  const [top = '', folder = ''] = path.split('/');
  return top === 'lambdas' ? folder : top;
}

function wrongDirections(path: string, facts: SourceFacts): string[] {
  return facts.imports.flatMap((imported) => {
    const target = resolveImport(path, imported);
    if (target === undefined) return [];
    if (testFile.test(target)) return [`${path} imports ${target}, which is for tests`];
    const [from, to] = [partOf(path), partOf(target)];
    if (from !== to)
      return mayImport[from]?.includes(to) ? [] : [`${path} imports ${target}: ${from} -> ${to}`];
    const otherContext = from === 'contexts' && areOfTwoContexts(path, target);
    return otherContext ? [`${path} imports ${target}: a context must not import another`] : [];
  });
}

/** Files directly in `lambdas/contexts` belong to no context. All contexts share them. */
function areOfTwoContexts(path: string, target: string): boolean {
  const [one, other] = [path, target].map((file) => /^lambdas\/contexts\/([^/]+)\//.exec(file)?.[1]);
  return one !== undefined && other !== undefined && one !== other;
}

function environmentReads(path: string, facts: SourceFacts): string[] {
  if (!path.startsWith('lambdas/') || partOf(path) === 'functions') return [];
  const imported = facts.imports.filter(({ specifier }) => /^(node:)?process$/.test(specifier));
  const used = facts.globals.filter((name) => /^process[. ]/.test(name));
  return [...imported.map(({ specifier }) => specifier), ...used].map(
    (name) => `${path} uses ${name}: only lambdas/functions reads the environment`,
  );
}

/** The clock, randomness and I/O that a file reaches at run time, by itself or through its imports. */
function impurities(path: string, tree: ReadonlyMap<string, SourceFacts>): string[] {
  const reached = new Set([path]);
  const found: string[] = [];
  for (const file of reached) {
    const facts = tree.get(file);
    for (const name of facts?.globals ?? []) found.push(`${path} reaches ${name} in ${file}`);
    for (const imported of facts?.imports ?? []) {
      const target = resolveImport(file, imported);
      if (target !== undefined) {
        if (!imported.typeOnly) reached.add(target);
      } else if (isImpure(imported) && (file === path || !imported.typeOnly)) {
        found.push(`${path} reaches ${imported.specifier} in ${file}`);
      }
    }
  }
  return found;
}

function isImpure({ specifier, names }: SourceImport): boolean {
  const pure = pureFunctions[specifier];
  if (pure && names?.every((name) => pure.includes(name))) return false;
  return impurePackage.test(specifier);
}
