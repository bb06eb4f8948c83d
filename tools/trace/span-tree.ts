import type { Span } from './span.ts';

/** A span with its children, in order of their starts. */
export interface SpanNode {
  readonly span: Span;
  readonly children: readonly SpanNode[];
}

/** Spans that begin at the left. */
export interface Section {
  /** Why they have no parent here. Undefined: they have none at all. */
  readonly reason: { readonly missingParent: string } | 'cycle' | undefined;
  readonly nodes: readonly SpanNode[];
}

interface GrowingNode extends SpanNode {
  children: GrowingNode[];
}

/**
 * The trees of one trace, in order of their starts. Every span is in one place, however it was recorded: parents may be missing or form a
 * cycle, and two spans may have one id. A span that was received twice is shown once.
 */
export function sectionsOf(spans: readonly Span[]): readonly Section[] {
  const nodes = withoutRepeated(spans).map((span): GrowingNode => ({ span, children: [] }));
  const byId = new Map<string, GrowingNode>();
  for (const node of nodes) if (!byId.has(node.span.spanId)) byId.set(node.span.spanId, node);
  const roots: GrowingNode[] = [];
  const orphans = new Map<string, GrowingNode[]>();
  for (const node of nodes) {
    const { parentId } = node.span;
    if (parentId === undefined) roots.push(node);
    else if (byId.has(parentId)) byId.get(parentId)?.children.push(node);
    else orphans.set(parentId, [...(orphans.get(parentId) ?? []), node]);
  }
  const placed = new Set<GrowingNode>();
  place([...roots, ...[...orphans.values()].flat()], placed);
  const sections: Section[] = [
    { reason: undefined, nodes: roots },
    ...[...orphans].map(([missingParent, nodes]) => ({ reason: { missingParent }, nodes })),
    { reason: 'cycle', nodes: cutCycles(nodes, placed) },
  ];
  return sections.filter((section) => section.nodes.length > 0).sort((a, b) => startOf(a) - startOf(b));
}

function startOf({ nodes }: Section): number {
  return nodes[0]?.span.startMs ?? 0;
}

/** In order of their starts, without those that an exporter sent again. */
function withoutRepeated(spans: readonly Span[]): readonly Span[] {
  const seen = new Set<string>();
  const once = spans.filter(({ spanId, name, startMs }) => {
    const key = `${spanId} ${startMs} ${name}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.sort((a, b) => a.startMs - b.startMs);
}

/** What no root leads to is in a cycle, or below one. Each cycle is cut before its earliest span. */
function cutCycles(nodes: readonly GrowingNode[], placed: Set<GrowingNode>): readonly GrowingNode[] {
  return nodes.filter((node) => {
    if (placed.has(node)) return false;
    place([node], placed);
    return true;
  });
}

/** Adds the nodes and what is below them. Cuts what is there already. */
function place(nodes: readonly GrowingNode[], placed: Set<GrowingNode>): void {
  const rest = [...nodes];
  for (const node of rest) placed.add(node);
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    node.children = node.children.filter((child) => !placed.has(child));
    for (const child of node.children) placed.add(child);
    rest.push(...node.children);
  }
}
