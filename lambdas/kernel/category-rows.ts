import type { ReadModel } from './read-model.ts';

/**
 * The rows of one category in a read model that several categories share. Projectors know a row by the id of its
 * stream; here it lies under the stream's whole name, for ids of different categories may be the same.
 */
export function categoryRows<Row, Line>(
  readModel: Pick<ReadModel<Row, Line>, 'load' | 'save'>,
  category: string,
): Pick<ReadModel<Row, Line>, 'load' | 'save'> {
  const prefix = `${category}/`;
  return {
    load: async (ids) => {
      const rows = await readModel.load(ids.map((id) => prefix + id));
      return new Map([...rows].map(([name, row]) => [name.slice(prefix.length), row]));
    },
    save: (change) => readModel.save({ ...change, id: prefix + change.id }),
  };
}
