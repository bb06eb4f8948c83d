import type { PersonCommand } from '../../history.ts';
import type { Random } from '../../world/random.ts';
import { Accounts } from './accounts.ts';
import { Dispenses } from './dispenses.ts';
import type { CommandDraft } from './draft.ts';
import { Metrics } from './metrics.ts';
import type { Temper } from './temper.ts';

export const people = ['Ann', 'Ben', 'Cleo', 'Dan'] as const;

/** What all streams of a history are. */
export interface Streams {
  readonly ledger: readonly string[];
  readonly metrics: readonly string[];
  readonly dispense: readonly string[];
}

/** Makes up the commands of a history, in the order of their times. */
export function commandsOf(
  random: Random,
  temper: Temper,
  startMs: number,
): { readonly commands: readonly CommandDraft[]; readonly streams: Streams } {
  const { spanMs, has, longStreamEvents } = temper;
  const accounts = new Accounts(random.of('accounts'), longStreamEvents > 0);
  const metrics = new Metrics(random.of('metrics'), { startMs, spanMs });
  const dispenses = new Dispenses(random.of('dispenses'));
  const begun = [...accounts.ids, ...metrics.ids];
  const moments = momentsOf(random.of('moments'), temper, begun.length + 1);
  // In a crowd, most commands are about one account.
  const crowded = has.has('crowd') ? random.pick(accounts.ids) : undefined;
  const ofBurst = (burst: Burst, atMs: number): PersonCommand => {
    if (burst.isCrossing) return accounts.cross();
    if (metrics.ids.includes(burst.about)) return metrics.next(atMs, burst.about);
    return dispenses.ids.includes(burst.about) ? dispenses.next(burst.about) : accounts.next(burst.about);
  };
  const draw = (index: number, atMs: number, burst: Burst | undefined): PersonCommand => {
    const first = begun[index];
    if (first !== undefined && index < accounts.ids.length) return accounts.next(first);
    if (first !== undefined) return metrics.next(atMs, first);
    if (index === begun.length) return dispenses.next();
    if (burst !== undefined) return ofBurst(burst, atMs);
    const luck = random.next();
    if (luck < 0.16) return metrics.next(atMs);
    if (luck < 0.3) return dispenses.next();
    return accounts.next(crowded !== undefined && random.chance(0.7) ? crowded : undefined);
  };
  const versions = new Map<string, number>();
  const bursts = new Map<number, Burst>();
  const newBurst = (number: number): Burst => {
    const about = random.pick(accounts.ids);
    const source = random.of(`burst ${number}`);
    if (has.has('rushes') && source.chance(0.3)) return { about, isCrossing: true };
    if (!has.has('races') || source.chance(0.4)) return { about };
    return { about: source.pick(source.chance(0.5) ? metrics.ids : dispenses.ids) };
  };
  const commands = moments.map(({ atMs, burst }, index) => {
    if (burst !== undefined && !bursts.has(burst)) bursts.set(burst, newBurst(burst));
    const command = draw(index, atMs, burst === undefined ? undefined : bursts.get(burst));
    return draftOf(random.of(index), temper, { atMs, command, versions });
  });
  return {
    commands,
    streams: { ledger: accounts.ids, metrics: metrics.ids, dispense: dispenses.ids },
  };
}

/** What the commands of a burst are about: a stream, or two accounts between which money goes back and forth. */
interface Burst {
  readonly about: string;
  readonly isCrossing?: boolean;
}

interface Moment {
  readonly atMs: number;
  /** The number of the burst that it belongs to. */
  readonly burst?: number;
}

/** Times of commands: a beginning with one for each stream, then spread evenly, or in bursts within a second. */
function momentsOf(random: Random, temper: Temper, begins: number): readonly Moment[] {
  const { spanMs, commands, has, longPauseMs } = temper;
  const beginMs = Math.min(spanMs / 10, 5_000);
  const moments: Moment[] = Array.from({ length: begins }, () => ({ atMs: random.under(beginMs) }));
  for (let burst = 0; moments.length < commands; burst += 1) {
    const isLater = longPauseMs > 0 && random.chance(0.3);
    const atMs = Math.round(beginMs) + random.under(spanMs - beginMs) + (isLater ? longPauseMs : 0);
    const isRush = has.has('rushes') && random.of(`rush ${burst}`).chance(0.15);
    if (!isRush && ((!has.has('bursts') && !has.has('races')) || random.chance(0.3))) {
      moments.push({ atMs });
      continue;
    }
    const size = Math.min(isRush ? random.between(12, 40) : random.between(3, 25), commands - moments.length);
    const widthMs = random.between(1, isRush ? 10 : 1_000);
    for (let one = 0; one < size; one += 1) moments.push({ atMs: atMs + random.under(widthMs), burst });
  }
  const begun = moments.slice(0, begins).toSorted(byTime);
  return [...begun, ...moments.slice(begins).toSorted(byTime)];
}

const byTime = (one: Moment, other: Moment) => one.atMs - other.atMs;

function draftOf(
  random: Random,
  { has, attempts, patienceMs }: Temper,
  drawn: {
    readonly atMs: number;
    readonly command: PersonCommand;
    /** Versions of streams as they are if every command adds one event. */
    readonly versions: Map<string, number>;
  },
): CommandDraft {
  const { atMs, command, versions } = drawn;
  const stream = `${command.context}/${command.id}`;
  const version = versions.get(stream) ?? 0;
  versions.set(stream, version + 1);
  const isKeyed = !(has.has('no-keys') && random.chance(0.4));
  // What begins a stream expects nothing: the rest of the history needs it.
  const expectsVersion = has.has('if-match') && random.chance(0.25) && version > 0;
  return {
    kind: 'command',
    atMs,
    who: random.pick(people),
    command,
    isKeyed,
    attempts: isKeyed ? random.between(1, attempts) : 1,
    patienceMs: random.between(300, patienceMs),
    ...(expectsVersion && { expectedVersion: Math.max(1, version - random.under(2)) }),
  };
}
