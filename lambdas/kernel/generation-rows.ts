import type { CachedGenerations } from './cached-generations.ts';
import { type GenerationState, writtenGenerations } from './generations.ts';
import type { RowQueries } from './read-model.ts';

/** The rows of the generation that is active at each call. Keys of lists and lines name no generation, so pages continue across a switch. */
export function activeRows<Row, Line, List extends string>(
  generations: Pick<CachedGenerations, 'lastKnown'>,
  rowsOf: (generation: string) => RowQueries<Row, Line, List>,
): RowQueries<Row, Line, List> {
  const active = async () => (await generations.lastKnown()).active;
  const rows = async () => rowsOf(await active());
  return {
    generation: active,
    find: async (id) => {
      const generation = await active();
      const found = await rowsOf(generation).find(id);
      return found && { ...found, generation };
    },
    lines: async (id, range) => rowsOf(range.generation ?? (await active())).lines(id, range),
    list: async (list, range) => (await rows()).list(list, range),
    listLines: async (list, range) => (await rows()).listLines(list, range),
    count: async (list, bounds, max) => (await rows()).count(list, bounds, max),
  };
}

/** The rows of every generation that is written, the active one first, as they are at each call. */
export function writtenRows<Rows>(
  generations: { readonly current: () => Promise<GenerationState> },
  rowsOf: (generation: string) => Rows,
): () => Promise<readonly Rows[]> {
  return async () => writtenGenerations(await generations.current()).map(rowsOf);
}
