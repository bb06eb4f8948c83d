import type { Random } from '../../world/random.ts';
import { people } from './commands.ts';
import type { CommandDraft, Draft } from './draft.ts';
import { focusActs } from './focus.ts';
import { lists, operators, sweeps } from './hard-acts.ts';
import { persons } from './persons.ts';
import type { Planned } from './planned.ts';
import type { Temper } from './temper.ts';

const readModels = ['ledger', 'metrics', 'dispense'] as const;

/** Makes up everything that people do beside first attempts of commands: repeats, questions, and the operator's work. */
export function otherActsOf(random: Random, planned: Planned): readonly Draft[] {
  return [
    ...repeats(random.of('repeats'), planned),
    ...questions(random.of('questions'), planned),
    ...operations(random.of('operations'), planned),
    ...(planned.temper.has.has('operators') ? operators(random.of('operators'), planned) : []),
    ...focusActs(random.of('focus'), planned),
    ...(planned.temper.has.has('lists') ? lists(random.of('lists'), planned) : []),
    ...(planned.temper.has.has('persons') ? persons(random.of('persons'), planned) : []),
    ...(planned.temper.has.has('sweeps') ? sweeps(random.of('sweeps'), planned) : []),
  ];
}

/** Commands that are sent again long after, and keys that are used for another command. */
function repeats(random: Random, { temper, commands }: Planned): readonly Draft[] {
  const { has, spanMs } = temper;
  const drafts: Draft[] = [];
  for (const of of commands.filter(({ isKeyed }) => isKeyed)) {
    const isAgain = random.chance(0.2);
    const isMisused = random.chance(0.08);
    const later = () => of.atMs + random.between(1, spanMs);
    if (has.has('again') && isAgain) {
      drafts.push({ kind: 'again', atMs: later(), who: of.who, of });
    }
    if (has.has('misused-keys') && isMisused) {
      const other = otherCommand(random, of, commands);
      drafts.push({ ...other, atMs: later(), who: of.who, isKeyed: false, misusesKeyOf: of });
    }
  }
  return drafts;
}

/** Another command for the same key: mostly on the same stream, where it must be refused, else on any. Never the same command. */
function otherCommand(random: Random, of: CommandDraft, commands: readonly CommandDraft[]): CommandDraft {
  const { context, id } = of.command;
  const own = JSON.stringify(of.command);
  const isOther = ({ command }: CommandDraft) => JSON.stringify(command) !== own;
  const isOnStream = ({ command }: CommandDraft) => command.context === context && command.id === id;
  const from = random.under(commands.length);
  const inTurn = [...commands.slice(from), ...commands.slice(0, from)];
  const staysOnStream = random.chance(0.7);
  const found = inTurn.find((each) => staysOnStream && isOnStream(each) && isOther(each));
  // A history has more than one command.
  return found ?? inTurn.find(isOther) ?? of;
}

/** A question about an instant at which this command may be under way still: it was sent before, and its append may come later. */
function whileUnderWay(
  random: Random,
  { atMs }: CommandDraft,
): { readonly atMs: number; readonly agoMs: number } {
  const sinceMs = random.between(1, 2_500);
  return { atMs: atMs + sinceMs, agoMs: random.under(sinceMs) };
}

function questions(random: Random, { temper, commands, streams }: Planned): readonly Draft[] {
  const { has, spanMs } = temper;
  const times = (most: number) =>
    Array.from({ length: random.between(1, most) }, () => momentOf(random, temper));
  const read = (atMs: number, isFresh: boolean): Draft => {
    const context = random.chance(0.7) ? 'ledger' : random.pick(readModels);
    return {
      kind: 'read',
      atMs,
      who: random.pick(people),
      context,
      id: random.pick(streams[context]),
      isFresh,
    };
  };
  return [
    ...(has.has('fresh-reads') ? times(20).map((atMs) => read(atMs, true)) : []),
    ...(has.has('late-reads') ? times(20).map((atMs) => read(atMs, false)) : []),
    ...(has.has('past')
      ? times(5).map((atMs) => ({
          ...{ kind: 'ask-past' as const, who: random.pick(people), laterMs: random.between(1_000, spanMs) },
          ...(random.chance(0.5)
            ? whileUnderWay(random, random.pick(commands))
            : { atMs, agoMs: random.under(spanMs) }),
        }))
      : []),
  ];
}

function operations(random: Random, { temper, streams }: Planned): readonly Draft[] {
  const { has } = temper;
  const atMs = () => momentOf(random, temper);
  const drafts: Draft[] = [];
  if (has.has('rebuild')) {
    const count = random.chance(0.2) ? 2 : 1;
    for (let index = 0; index < count; index += 1) {
      drafts.push({
        ...{ kind: 'rebuild', atMs: random.under(temper.spanMs * 0.7), parts: random.pick([1, 2, 3, 4]) },
        readModel: random.pick(['ledger', 'ledger', 'metrics', 'dispense', 'todo']),
        // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows; nobody awaits an act.
        then: random.pick(['drop', 'undo', 'undo-twice', 'nothing']),
      });
    }
  }
  if (has.has('redrive')) {
    for (let index = random.between(1, 3); index > 0; index -= 1)
      drafts.push({ kind: 'redrive', atMs: atMs() });
  }
  if (has.has('catch-up')) drafts.push({ kind: 'catch-up', atMs: atMs() });
  if (has.has('damage-and-repair')) {
    const readModel = random.pick(readModels);
    drafts.push({ kind: 'damage-and-repair', atMs: atMs(), readModel, id: random.pick(streams[readModel]) });
  }
  return drafts;
}

/** Any time of the history. If a consumer is paused for hours, sometimes after that. */
function momentOf(random: Random, { spanMs, longPauseMs }: Temper): number {
  const atMs = random.under(spanMs);
  return random.chance(0.3) ? atMs + longPauseMs : atMs;
}
