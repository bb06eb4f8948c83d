import type { RowModel } from '../people/surroundings.ts';
import type { DamageableTable, DamageableTables } from '../people/vandals.ts';
import type { Item } from '../services/dynamodb/definitions.ts';
import type { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import { readModelName, segmentsName, simulatedTables, snapshotsName } from '../system/tables.ts';
import type { World } from '../world/world.ts';
import { generationsOf } from './final-rows.ts';

/** Damages stored items, past all conditions. */
export class Damage {
  readonly #dynamodb: SimulatedDynamoDB;
  readonly #world: Pick<World, 'time'>;

  constructor(dynamodb: SimulatedDynamoDB, world: Pick<World, 'time'>) {
    this.#dynamodb = dynamodb;
    this.#world = world;
  }

  /** The tables that vandals get. */
  get tables(): DamageableTables {
    return { snapshots: this.#table(snapshotsName), segments: this.#table(segmentsName) };
  }

  /** Changes the row of a stream in the active generation: every number in it. Nothing happens if there is none. */
  damageRow(readModel: RowModel, id: string): void {
    const { active } = generationsOf(this.#dynamodb, readModel);
    const table = readModelName(readModel);
    const row = this.#dynamodb
      .items(table)
      .find((item) => item['pk']?.S === `${active}#${id}` && item['sk']?.S === 'row');
    if (row === undefined) return;
    const damaged = (row['data']?.S ?? '').replaceAll(/:(-?\d+)(?=[,}])/g, ':77');
    this.#dynamodb.put(table, { ...row, data: { S: damaged } }, this.#world.time.nowMs);
  }

  #table(name: string): DamageableTable {
    const definition = simulatedTables.find((table) => table.name === name);
    if (definition === undefined) throw new Error(`There is no table ${name}.`);
    const { partitionKey, sortKey } = definition;
    const keys = [partitionKey, ...(sortKey ? [sortKey.name] : [])];
    const keyOf = (item: Item) =>
      Object.fromEntries(keys.flatMap((key) => (item[key] ? [[key, item[key]]] : [])));
    const nowMs = () => this.#world.time.nowMs;
    return {
      keys,
      items: () => this.#dynamodb.items(name),
      put: (item) => this.#dynamodb.put(name, item, nowMs()),
      delete: (item) => this.#dynamodb.delete(name, keyOf(item), nowMs()),
    };
  }
}
