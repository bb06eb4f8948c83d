import { posix } from 'node:path';
import { type SourceFacts, type SourceImport, sourceFacts } from './source-facts.ts';

/** The sources of a tree: path from the root, with slashes, to text. */
export type SourceTree = Readonly<Record<string, string>>;

/** Parts of the tree, and the parts that each may import beside itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  functions: ['contexts', 'system', 'runtime', 'http', 'messaging', 'kernel', 'schema'],
  contexts: ['http', 'messaging', 'kernel', 'schema'],
  system: ['http', 'messaging', 'kernel', 'schema'],
  runtime: ['http', 'messaging', 'kernel', 'schema'],
  http: ['kernel', 'schema'],
  messaging: ['kernel'],
  kernel: [],
  schema: [],
  lib: ['schema'],
  bin: ['lib', 'tools'],
  tools: ['schema'],
};

/** Specs, and what only specs use, may reach across the tree. */
const testFile = /\.(spec|contract|fixture)\.ts$|^test\/|^lambdas\/kernel\/testing\//;

/** A context's business rules. */
const domainFile = /^lambdas\/contexts\/[^/]+\/domain\//;

/** Packages whose presence means I/O, a clock or chance. */
const impurePackage = /^(node:|@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|@middy\/|aws-|uuid$)/;

/** Every way in which the tree breaks DESIGN's directions, one sentence each; none for a tree that keeps them. */
export function violations(tree: SourceTree): string[] {
  const facts = new Map(Object.entries(tree).map(([path, text]) => [path, sourceFacts(text)]));
  const production = [...facts].filter(([path]) => !testFile.test(path));
  const inside = [...facts].flatMap(([path, found]) => besideTheFront(path, found));
  const outside = production.flatMap(([path, found]) => [
    ...wrongDirections(path, found),
    ...environmentReads(path, found),
    ...(isDomain(path) ? impurities(path, facts) : []),
  ]);
  return [...outside, ...inside];
}

/** Whether the file holds business rules: a context's, or the decider that they are written against. */
export function isDomain(path: string): boolean {
  return (domainFile.test(path) || path === 'lambdas/kernel/decider.ts') && !testFile.test(path);
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
    return otherContext ? [`${path} imports ${target}: contexts know nothing of each other`] : [];
  });
}

/** Files directly in `lambdas/contexts` belong to no context: all contexts share them. */
function areOfTwoContexts(path: string, target: string): boolean {
  const [one, other] = [path, target].map((file) => /^lambdas\/contexts\/([^/]+)\//.exec(file)?.[1]);
  return one !== undefined && other !== undefined && one !== other;
}

/** The kernel's folders have one way in each: their `index.ts`. */
function besideTheFront(path: string, facts: SourceFacts): string[] {
  if (partOf(path) === 'kernel' || path.startsWith('test/architecture/')) return [];
  return facts.imports.flatMap((imported) => {
    const target = resolveImport(path, imported);
    if (target === undefined || partOf(target) !== 'kernel' || target.endsWith('/index.ts')) return [];
    return [`${path} imports ${target}: import the kernel by its index.ts`];
  });
}

function environmentReads(path: string, facts: SourceFacts): string[] {
  if (!path.startsWith('lambdas/') || partOf(path) === 'functions') return [];
  const imported = facts.imports.filter(({ specifier }) => /^(node:)?process$/.test(specifier));
  const used = facts.globals.filter((name) => /^process[. ]/.test(name));
  return [...imported.map(({ specifier }) => specifier), ...used].map(
    (name) => `${path} uses ${name}: only lambdas/functions reads the environment`,
  );
}

/** What a domain file reaches at run time, by itself or through what it imports, that is not a function of its arguments. */
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
      } else if (impurePackage.test(imported.specifier) && (file === path || !imported.typeOnly)) {
        found.push(`${path} reaches ${imported.specifier} in ${file}`);
      }
    }
  }
  return found;
}

/** The path of a relative import from the root; undefined for a package. */
export function resolveImport(path: string, { specifier }: SourceImport): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
}
