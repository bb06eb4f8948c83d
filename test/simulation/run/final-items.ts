import type { LoadedReadModel } from '../../../lambdas/contexts/load-read-models.ts';
import { type GenerationState, writtenGenerations } from '../../../lambdas/kernel/index.ts';
import { verifiedModel } from '../../../lambdas/runtime/verified-models.ts';
import type { ContextName } from '../../../schema/contexts.ts';
import type { FinalItem } from '../history.ts';
import type { Item } from '../services/dynamodb/definitions.ts';
import { environmentOf } from '../system/tables.ts';

type Target = NonNullable<ReturnType<ReturnType<typeof verifiedModel>['targetIn']>>;
type Row = Parameters<Target['rows']['rowItem']>[1];
type Line = Parameters<Target['rows']['lineItem']>[1];

/** Items are only made here, so nothing is called. */
const platform = {
  client: {} as Parameters<typeof verifiedModel>[1]['client'],
  effects: {} as Parameters<typeof verifiedModel>[1]['effects'],
  env: environmentOf({ snapshotThreshold: 1, projectorsPerShard: 1 }),
};

/** Makes the items that a generation of a read model stores for the rows of one category, as the code under test makes them. */
export function expectedItems(
  readModel: Pick<LoadedReadModel, 'name' | 'projections'>,
  generation: string,
  category: string,
) {
  const target = verifiedModel(readModel, platform).targetIn(generation, category);
  return (id: string, row: Row, lines: readonly Line[]): readonly Item[] => {
    if (target === undefined) return [];
    const { rows } = target;
    const entry = rows.entryItem(id, row);
    return [
      rows.rowItem(id, row),
      ...(entry === undefined ? [] : [entry]),
      ...lines.map((line) => rows.lineItem(id, line)),
    ].map(({ token }) => token as Item);
  };
}

/** "g1#acc-1" */
export function partitionOf(item: Item): string {
  return item['pk']?.S ?? '';
}

/** Every item of a read model that is stored or must be. */
export function finalItems({
  context,
  state,
  stored,
  expected,
  isOld,
}: {
  readonly context: ContextName;
  readonly state: GenerationState;
  readonly stored: readonly Item[];
  /** Of the written generations. */
  readonly expected: readonly Item[];
  /** Whether earlier code may have written a generation: what its rows lack is judged by the rows. */
  readonly isOld: (generation: string) => boolean;
}): FinalItem[] {
  const byKey = new Map<string, { stored?: Item; expected?: Item }>();
  for (const item of stored) byKey.set(keyOf(item), { stored: item });
  for (const item of expected) byKey.set(keyOf(item), { ...byKey.get(keyOf(item)), expected: item });
  const useOf = usesIn(state);
  return [...byKey.values()].flatMap((one) => {
    const item = one.stored ?? one.expected;
    if (item === undefined) return [];
    const partition = partitionOf(item);
    const end = partition.indexOf('#');
    const generation = partition.slice(0, end);
    return {
      ...{
        context,
        generation,
        use: isOld(generation) ? 'open' : useOf(generation),
        id: partition.slice(end + 1),
      },
      part: item['sk']?.S ?? '',
      stored: one.stored && attributesOf(one.stored),
      expected: one.expected && attributesOf(one.expected),
    };
  });
}

function usesIn(state: GenerationState): (generation: string) => FinalItem['use'] {
  const written = writtenGenerations(state);
  const open = [state.building, ...(state.removing ?? [])].map((one) => one?.generation);
  return (generation) => {
    if (written.includes(generation)) return 'written';
    return open.includes(generation) ? 'open' : 'gone';
  };
}

function keyOf(item: Item): string {
  return JSON.stringify([item['pk'], item['sk']]);
}

/** The attributes as text, except for `data`, whose fields have no order. */
function attributesOf({ pk: _pk, sk: _sk, data, ...others }: Item): Readonly<Record<string, unknown>> {
  const texts = Object.entries(others).map(([name, value]) => [name, value?.S ?? JSON.stringify(value)]);
  return { ...Object.fromEntries(texts), ...(data && { data: JSON.parse(data.S ?? '') }) };
}
