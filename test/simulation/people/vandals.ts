import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Fault } from '../world/faults.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** A table whose items somebody damages, past all conditions. */
export interface DamageableTable {
  /** Names of the key attributes. They are never damaged: an item with another key is another item. */
  readonly keys: readonly string[];
  items(): readonly Item[];
  /** Replaces the item with the same key. */
  put(item: Item): void;
  /** Deletes the item with the same key. */
  delete(item: Item): void;
}

/** The tables of the vandals. */
export interface DamageableTables {
  readonly snapshots: DamageableTable;
  readonly segments: DamageableTable;
}

type DamageFault = Extract<Fault, { kind: 'snapshots-damaged' | 'segments-damaged' }>;

/** Begins: each fault that damages stored items strikes at its time. */
export function startVandals(
  world: Pick<World, 'time' | 'random' | 'trace' | 'faults' | 'elapsedMs'>,
  tables: DamageableTables,
): void {
  for (const kind of ['snapshots-damaged', 'segments-damaged'] as const) {
    for (const fault of world.faults.ofKind(kind)) {
      world.time.after(fault.fromMs - world.elapsedMs, () => damageTable(world, fault, tables));
    }
  }
}

function damageTable(
  { random, trace, faults }: Pick<World, 'random' | 'trace' | 'faults'>,
  { kind, share, fromMs }: DamageFault,
  tables: DamageableTables,
): void {
  const isOfSnapshots = kind === 'snapshots-damaged';
  const table = isOfSnapshots ? tables.snapshots : tables.segments;
  for (const item of table.items()) {
    const key = table.keys.map((name) => item[name]?.S ?? item[name]?.N ?? '').join(' ');
    const source = random.of(`vandal/${kind} at ${fromMs}/${key}`);
    if (!source.chance(share)) continue;
    faults.strike(kind);
    // No hash covers the state and the commands in a snapshot: a byte that was flipped is not noticed, a cut is.
    const done = damage(table, item, { random: source, flips: !isOfSnapshots });
    trace.say('a vandal', () => `${done} of ${isOfSnapshots ? 'the snapshot' : 'the segment part'} ${key}`);
  }
}

/** Damages one thing of an item. Returns what, in words. */
function damage(
  table: DamageableTable,
  item: Item,
  { random, flips }: { readonly random: Random; readonly flips: boolean },
): string {
  if (random.chance(0.15)) {
    table.delete(item);
    return 'deletes all';
  }
  const name = random.pick(
    Object.keys(item)
      .filter((each) => !table.keys.includes(each))
      .toSorted(),
  );
  const { [name]: value, ...rest } = item;
  if (value === undefined || random.chance(0.2)) {
    table.put(rest);
    return `removes "${name}"`;
  }
  const [words, damaged] = damagedValue(value, random, flips);
  table.put({ ...rest, [name]: damaged });
  return `${words} "${name}"`;
}

function damagedValue(value: AttributeValue, random: Random, flips: boolean): [string, AttributeValue] {
  if (value.N !== undefined) return ['replaces', { N: '-1' }];
  if (value.S !== undefined) {
    if (flips && random.chance(0.5))
      return ['changes a character of', { S: withOtherCharacter(value.S, random) }];
    if (random.chance(0.5)) return ['replaces', { S: 'damaged' }];
    return ['cuts', { S: value.S.slice(0, random.under(value.S.length)) }];
  }
  const bytes = Uint8Array.from(value.B ?? []);
  if (flips && bytes.length > 0 && random.chance(0.6)) {
    const at = random.under(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.under(8));
    return ['flips a bit in', { B: bytes }];
  }
  // Entries of commands have 14 bytes, so a cut of fewer tears one.
  const kept = random.chance(0.2) ? 0 : Math.max(0, bytes.length - random.between(1, 13));
  return ['cuts', { B: bytes.subarray(0, kept) }];
}

/** A text in which one character is another one. A digit becomes another digit, so that the text still has its form. */
function withOtherCharacter(text: string, random: Random): string {
  const digits = [...text.matchAll(/\d/g)].map(({ index }) => index);
  const at = digits.length > 0 && random.chance(0.8) ? random.pick(digits) : random.under(text.length);
  const other = /\d/.test(text.charAt(at))
    ? String((Number(text.charAt(at)) + random.between(1, 9)) % 10)
    : '~';
  return text.slice(0, at) + other + text.slice(at + 1);
}
