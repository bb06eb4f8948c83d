import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sketchedSpan, spanId } from './span.fixture.ts';
import { type SpanNode, sectionsOf } from './span-tree.ts';

const span = sketchedSpan;

/** `1(2 3(4))` */
const written = (nodes: readonly SpanNode[]): string =>
  nodes
    .map(({ span: { spanId: id }, children }) => {
      const inside = written(children);
      return `${Number.parseInt(id, 16)}${inside && `(${inside})`}`;
    })
    .join(' ');
const shape = (...sketches: Parameters<typeof span>[0][]) =>
  sectionsOf(sketches.map(span)).map(({ reason, nodes }) => [reason, written(nodes)]);

it('children are below their parents, in order of their starts', () => {
  const spans = [
    { id: 4, parent: 3, at: [30, 40] },
    { id: 3, parent: 1, at: [20, 50] },
  ] as const;
  expect(shape(...spans, { id: 2, parent: 1, at: [10, 15] }, { id: 1, at: [0, 60] })).toEqual([
    [undefined, '1(2 3(4))'],
  ]);
});

it('spans whose parent is missing are together, where the first of them begins', () => {
  expect(
    shape(
      { id: 1, at: [10, 20] },
      { id: 2, parent: 9, at: [5, 20] },
      { id: 3, parent: 9, at: [12, 20] },
      { id: 4, parent: 8, at: [15, 20] },
    ),
  ).toEqual([
    [{ missingParent: spanId(9) }, '2 3'],
    [undefined, '1'],
    [{ missingParent: spanId(8) }, '4'],
  ]);
});

it('a cycle is cut before its earliest span', () => {
  const cycle = [
    { id: 2, parent: 4, at: [2, 9] },
    { id: 3, parent: 2, at: [3, 9] },
  ] as const;
  expect(
    shape({ id: 1 }, ...cycle, { id: 4, parent: 3, at: [4, 9] }, { id: 5, parent: 4 }, { id: 6, parent: 6 }),
  ).toEqual([
    [undefined, '1'],
    ['cycle', '5 6 2(3(4))'],
  ]);
});

it('a span that was sent twice is there once, two spans with one id are both there', () => {
  expect(shape({ id: 1 }, { id: 1 }, { id: 1, name: 'another', at: [2] }, { id: 2, parent: 1 })).toEqual([
    [undefined, '1(2) 1'],
  ]);
});

it('a chain can be as long as a trace', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    span({ id: index + 1, ...(index > 0 && { parent: index }) }),
  );
  let length = 0;
  for (let node = sectionsOf(chain)[0]?.nodes[0]; node !== undefined; node = node.children[0]) length += 1;
  expect(length).toBe(20_000);
});

it('every span has one place, whatever the ids and parents', () => {
  const id = fc.integer({ min: 1, max: 8 });
  const sketch = fc.record({
    id,
    parent: fc.option(id, { nil: 9 }),
    start: fc.nat(20),
    isRoot: fc.boolean(),
  });
  const all = (nodes: readonly SpanNode[]): string[] =>
    nodes.flatMap((node) => [node.span.name, ...all(node.children)]);
  fc.assert(
    fc.property(fc.array(sketch, { maxLength: 30 }), (sketches) => {
      const spans = sketches.map(({ id, parent, start, isRoot }, index) =>
        span({ id, name: `${index}`, at: [start], ...(!isRoot && { parent }) }),
      );
      const placed = sectionsOf(spans).flatMap(({ nodes }) => all(nodes));
      expect(placed.sort()).toEqual(spans.map(({ name }) => name).sort());
    }),
  );
});
