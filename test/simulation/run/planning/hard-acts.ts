import type { Random } from '../../world/random.ts';
import { startMs } from '../../world/world.ts';
import { people } from './commands.ts';
import type { CommandDraft, Draft } from './draft.ts';
import type { Planned } from './planned.ts';

const minuteMs = 60_000;
const rebuilt = ['ledger', 'metrics', 'dispense', 'todo'] as const;
const repaired = ['ledger', 'metrics', 'dispense'] as const;

/** Several operators who know nothing of each other: rebuilds of one read model or of all, and requests in the middle of them. */
export function operators(random: Random, { temper: { spanMs }, streams }: Planned): readonly Draft[] {
  const readModel = random.pick(rebuilt);
  const fromMs = random.under(spanMs * 0.6);
  const soon = () => fromMs + random.under(6 * minuteMs);
  const rebuild = (model: (typeof rebuilt)[number], atMs: number): Draft => ({
    ...{ kind: 'rebuild', atMs, readModel: model, parts: random.between(1, 4) },
    // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows; nobody awaits an act.
    then: random.pick(['drop', 'undo', 'undo-twice', 'nothing']),
  });
  const models = random.chance(0.2) ? rebuilt : [readModel];
  const first = models.map((model) => rebuild(model, fromMs));
  const more = Array.from({ length: random.between(1, 2) }, () => rebuild(readModel, soon()));
  const requests = Array.from({ length: random.between(1, 5) }, (): Draft => {
    const action = random.pick(['undo', 'switch', 'discard', 'drop', 'remove'] as const);
    return { kind: 'interfere', atMs: soon(), readModel, action };
  });
  const repairs = Array.from({ length: random.between(0, 3) }, (): Draft => {
    const model = repaired.find((one) => one === readModel) ?? random.pick(repaired);
    return { kind: 'repair', atMs: soon(), readModel: model, id: random.pick(streams[model]) };
  });
  const redrives = Array.from(
    { length: random.between(0, 2) },
    (): Draft => ({ kind: 'redrive', atMs: soon() }),
  );
  return [...first, ...more, ...requests, ...repairs, ...redrives];
}

/** Questions about lists, in small and large pages. */
export function lists(
  random: Random,
  { temper: { spanMs, longPauseMs }, streams }: Planned,
): readonly Draft[] {
  return Array.from({ length: random.between(3, 15) }, (): Draft => {
    const atMs = random.under(spanMs) + (random.chance(0.2) ? longPauseMs : 0);
    const asked = {
      kind: 'list',
      atMs,
      who: random.pick(people),
      limit: random.pick([1, 2, 3, 20, 100]),
    } as const;
    const luck = random.next();
    if (luck < 0.5)
      return {
        ...asked,
        list: 'statement',
        about: random.pick(streams.ledger),
        limit: Math.min(100, 5 * asked.limit),
      };
    if (luck < 0.65) return { ...asked, list: 'accounts' };
    if (luck < 0.8) {
      const status = random.pick(['untargeted', 'active', 'successful', 'expired', 'archived', undefined]);
      return { ...asked, list: 'metrics-by-name', ...(status !== undefined && { status }) };
    }
    const context = random.pick(repaired);
    return { ...asked, list: 'todo', about: `${context}/${random.pick(streams[context])}` };
  });
}

/** Sweeps about the instants of deadlines, together with values that may reach the target at the last moment. */
export function sweeps(random: Random, { commands }: Planned): readonly Draft[] {
  return commands.flatMap((draft): Draft[] => {
    const { command } = draft;
    if (command.do !== 'set-target') return [];
    const deadlineMs = Date.parse(command.deadline) - startMs;
    if (deadlineMs <= draft.atMs) return [];
    const near = () => Math.max(draft.atMs, deadlineMs + random.between(-40, 60));
    const record: CommandDraft = {
      ...{ kind: 'command', atMs: near(), who: draft.who, isKeyed: true, attempts: 3, patienceMs: 5_000 },
      command: { context: 'metrics', do: 'record', id: command.id, values: [command.value] },
    };
    const runs = random.between(1, 3);
    const sweep: Draft = { kind: 'sweep', atMs: near(), runs };
    const again: Draft = { kind: 'sweep', atMs: near() + random.under(2_000), runs };
    return random.chance(0.6) ? [sweep, again, record] : [sweep, again];
  });
}
