import type { ReadModel } from './read-model.ts';

/** The part of a read model that is about single rows, and not about lists. */
export type SingleRows<Row, Line> = Pick<ReadModel<Row, Line>, 'load' | 'save' | 'find' | 'lines'> &
  Partial<Pick<ReadModel<Row, Line>, 'generation'>>;

/**
 * The rows of one category in a read model that several categories share. A projector addresses a row by the id of its
 * stream. Ids of different categories may be equal, so here the row is stored under the whole name of the stream.
 */
export function categoryRows<Row, Line>(
  readModel: SingleRows<Row, Line>,
  category: string,
): SingleRows<Row, Line> {
  const prefix = `${category}/`;
  return {
    load: async (ids) => {
      const rows = await readModel.load(ids.map((id) => prefix + id));
      return new Map([...rows].map(([name, row]) => [name.slice(prefix.length), row]));
    },
    save: (change) => readModel.save({ ...change, id: prefix + change.id }),
    find: (id) => readModel.find(prefix + id),
    lines: (id, range) => readModel.lines(prefix + id, range),
    ...(readModel.generation && { generation: readModel.generation.bind(readModel) }),
  };
}
