import type { Resource } from '../../tools/host/template/assembly.ts';
import type { Item, RunningSystem } from './running-system.ts';

/** Lists that the old app of a test lacks, by a part of the logical id of their table. The old system does not read them. */
export const addedLists = { MetricsReadModelTable: 'byDeadline', DispenseReadModelTable: 'byState' } as const;
/** A list that only the old app of a test has. */
export const removedList = 'byNobody';

interface TableProperties {
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes: { IndexName: string; KeySchema: object[]; Projection: object }[];
}

/** Takes lists out of the tables of an app, and adds another. */
export function withOtherLists(resources: Record<string, Resource>): void {
  for (const [table, list] of Object.entries(addedLists)) {
    const [id = table] = Object.keys(resources).filter((each) => each.startsWith(table));
    const properties = resources[id]?.Properties as unknown as TableProperties;
    const isOther = ({ IndexName }: { IndexName: string }) => IndexName !== list;
    if (properties.GlobalSecondaryIndexes.every(isOther)) throw new Error(`${id} has no list ${list}.`);
    properties.GlobalSecondaryIndexes = properties.GlobalSecondaryIndexes.filter(isOther);
    properties.GlobalSecondaryIndexes.push({
      IndexName: removedList,
      KeySchema: [{ AttributeName: removedList, KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
    properties.AttributeDefinitions = [
      ...properties.AttributeDefinitions.filter(
        ({ AttributeName }) => ![`${list}Shard`, `${list}Key`].includes(AttributeName),
      ),
      { AttributeName: removedList, AttributeType: 'S' },
    ];
  }
}

/** The sort keys in a list: those that items of the table have, and those that the index has. */
export async function keysOfList(system: RunningSystem, table: string, list: string) {
  const keys = (items: readonly Item[]) =>
    items.flatMap((item) => (item[`${list}Shard`] === undefined ? [] : [item[`${list}Key`]?.S ?? ''])).sort();
  return { stored: keys(await system.items(table)), listed: keys(await system.items(table, list)) };
}
