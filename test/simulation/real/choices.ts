import { derivedId } from '../../../lambdas/http/commands.ts';
import type { PersonCommand } from '../history.ts';
import type { Random } from '../world/random.ts';
import type { Known } from './known.ts';

/** Deadlines of targets are after every run, so the sweeper has nothing to do. */
const deadline = '2100-01-01T00:00:00.000Z';

/**
 * A command that somebody may want now. Not on dispenses: their ids and the identity of their commands follow from keys that only the
 * system has, so nobody could tell from the log which command a commit is of. `key`: with which it will be sent. The server derives ids of new streams
 * from it.
 */
export function chooseCommand(random: Random, known: Known, key: string): PersonCommand {
  return random.chance(0.8) ? ledgerCommand(random, known, key) : metricsCommand(random, known, key);
}

/** The id of the stream that a command with this key creates, for callers without a token. */
function newId(category: string, key: string): string {
  return derivedId('new aggregate', category, null, key);
}

/** A live stream, or now and then any of them. Undefined: there is none yet. */
function someId(random: Random, known: Known, context: PersonCommand['context']): string | undefined {
  const live = known.live(context);
  const ids = random.chance(0.05) || live.length === 0 ? known.ids(context) : live;
  return ids.length === 0 ? undefined : random.pick(ids);
}

function ledgerCommand(random: Random, known: Known, key: string): PersonCommand {
  const context = 'ledger';
  const draw = random.under(100);
  const isFull = known.live(context).length >= 8;
  const id = someId(random, known, context);
  if (id === undefined || (draw < 5 && !isFull)) {
    const overdraftLimit = random.pick(['0', '20']);
    return { context, do: 'open', id: newId(context, key), currency: 'USD', overdraftLimit };
  }
  const amount = `${random.between(1, 30)}.${random.between(10, 99)}`;
  if (draw < 45) return { context, do: 'credit', id, amount };
  if (draw < 68) return { context, do: 'debit', id, amount };
  if (draw < 98) return { context, do: 'transfer', id, to: receiver(random, known, id), amount };
  return { context, do: 'close', id };
}

/** Another account than the sender, or one that does not exist. */
function receiver(random: Random, known: Known, sender: string): string {
  const others = known.ids('ledger').filter((id) => id !== sender);
  return random.chance(0.03) || others.length === 0 ? 'nobody' : random.pick(others);
}

function metricsCommand(random: Random, known: Known, key: string): PersonCommand {
  const context = 'metrics';
  const id = someId(random, known, context);
  const draw = random.under(100);
  if (id === undefined || draw < 8) return { context, do: 'create', id: newId(context, key), name: 'Sales' };
  if (draw < 70) {
    const values = Array.from({ length: random.between(1, 3) }, () => random.between(0, 100));
    return { context, do: 'record', id, values };
  }
  if (draw < 96) {
    const direction = random.pick(['at-least', 'at-most'] as const);
    return { context, do: 'set-target', id, value: random.between(0, 100), deadline, direction };
  }
  return { context, do: 'archive', id };
}
