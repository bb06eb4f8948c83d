import type { SourceTree } from './import-rules.ts';
import { resolveImport } from './paths.ts';
import { sourceFacts } from './source-facts.ts';

/** Files, and the files that each imports, of types only or not. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * The circles of imports in a tree, one line each, such as `a.ts -> b.ts -> a.ts`. Imports of types count too: files in a
 * circle can only be understood, moved and published together.
 */
export function importCircles(tree: SourceTree): string[] {
  const graph = importGraph(tree);
  const circles = [...graph.keys()].map((file) => shortestCircle(file, graph));
  return [...new Set(circles.filter((circle) => circle !== undefined).map(lineOf))].sort();
}

function importGraph(tree: SourceTree): ImportGraph {
  const targets = (path: string, text: string) =>
    sourceFacts(text).imports.map((imported) => resolveImport(path, imported) ?? '');
  const entries = Object.entries(tree);
  return new Map(
    entries.map(([path, text]) => [
      path,
      targets(path, text).filter((target) => Object.hasOwn(tree, target)),
    ]),
  );
}

/** The files from `start` back to it, `start` first and not repeated. Undefined if no circle goes through it. */
function shortestCircle(start: string, graph: ImportGraph): readonly string[] | undefined {
  const pathTo = new Map<string, readonly string[]>([[start, [start]]]);
  for (const [file, path] of pathTo) {
    for (const imported of graph.get(file) ?? []) {
      if (imported === start) return path;
      if (!pathTo.has(imported)) pathTo.set(imported, [...path, imported]);
    }
  }
  return undefined;
}

/** Begins with the first file in alphabetical order: a circle has the same line from each of its files. */
function lineOf(circle: readonly string[]): string {
  const first = circle.indexOf([...circle].sort()[0] ?? '');
  const rotated = [...circle.slice(first), ...circle.slice(0, first)];
  return [...rotated, rotated[0]].join(' -> ');
}
