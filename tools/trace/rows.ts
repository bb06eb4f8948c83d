import { type Span, type SpanEvent, shownEndMs } from './span.ts';
import { type Section, type SpanNode, sectionsOf } from './span-tree.ts';

/** One line below a trace, without its look. `depth`: the number of spans above it. */
export type Row = { readonly depth: number } & RowContent;

type RowContent =
  | { readonly kind: 'span'; readonly span: Span; readonly parent: Span | undefined }
  | { readonly kind: 'event'; readonly event: SpanEvent }
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'reason'; readonly reason: NonNullable<Section['reason']> };

/** Many spans that differ only in their times and attributes. */
export interface Group {
  readonly first: Span;
  readonly count: number;
  readonly endMs: number;
}

/** Equal siblings without children or events are one line if there are more. */
export const siblingsMax = 200;

type Item = { readonly atMs: number; readonly row: Row; readonly node?: SpanNode };

/** The rows of a trace: each span with what is in it below it, in order of time. */
export function rowsOf(spans: readonly Span[]): readonly Row[] {
  return sectionsOf(spans).flatMap(({ reason, nodes }) => {
    if (reason === undefined) return below(itemsOf(nodes, undefined, 0));
    return [{ kind: 'reason', depth: 0, reason } as const, ...below(itemsOf(nodes, undefined, 1))];
  });
}

/** Works with a stack of its own: a chain of spans can be as long as the trace. */
function below(items: readonly Item[]): readonly Row[] {
  const rows: Row[] = [];
  const rest = items.toReversed();
  for (let item = rest.pop(); item !== undefined; item = rest.pop()) {
    rows.push(item.row);
    if (item.node !== undefined) rest.push(...insideOf(item.node, item.row.depth + 1).toReversed());
  }
  return rows;
}

function insideOf({ span, children }: SpanNode, depth: number): readonly Item[] {
  const events = span.events.map(
    (event): Item => ({ atMs: event.atMs, row: { kind: 'event', depth, event } }),
  );
  return [...itemsOf(children, span, depth), ...events].sort((a, b) => a.atMs - b.atMs);
}

/** In order of their starts. */
function itemsOf(nodes: readonly SpanNode[], parent: Span | undefined, depth: number): readonly Item[] {
  const groups = Map.groupBy(nodes, groupKey);
  const items = [...groups].flatMap(([key, members]) =>
    key !== undefined && members.length > siblingsMax
      ? [groupItem(members, depth)]
      : members.map((node): Item => {
          const { span } = node;
          return { atMs: span.startMs, node, row: { kind: 'span', depth, span, parent } };
        }),
  );
  return items.sort((a, b) => a.atMs - b.atMs);
}

function groupItem(members: readonly SpanNode[], depth: number): Item {
  const [{ span: first }] = members as readonly [SpanNode];
  const endMs = members.reduce((latest, { span }) => Math.max(latest, shownEndMs(span)), first.startMs);
  return {
    atMs: first.startMs,
    row: { kind: 'group', depth, group: { first, count: members.length, endMs } },
  };
}

/** Undefined: it is always shown itself. */
function groupKey({ span, children }: SpanNode): string | undefined {
  if (children.length > 0 || span.events.length > 0) return undefined;
  return JSON.stringify([span.service, span.name, span.kind, span.isError]);
}
