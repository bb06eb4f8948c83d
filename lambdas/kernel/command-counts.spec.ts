import { describe, expect, it } from '@jest/globals';
import { CommandHandler } from './command-handler.ts';
import type { CommandRequest } from './command-request.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { type CounterCommand, type CounterState, counter, counterEvents } from './testing/counter.fixture.ts';
import { countingObserver } from './testing/counting-observer.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const now = '2026-05-01T10:00:00.000Z';
let made = 0;

/** Before each of the next appends, another handler commits to the stream. */
class ContestedLog extends MemoryEventLog {
  races = 0;
  rival: () => Promise<unknown> = async () => undefined;

  override async append(...args: Parameters<MemoryEventLog['append']>) {
    if (this.races > 0) {
      this.races -= 1;
      const { races } = this;
      this.races = 0;
      await this.rival();
      this.races = races;
    }
    return super.append(...args);
  }
}

function setUp() {
  const log = new ContestedLog();
  const { observer, counts } = countingObserver();
  const options = {
    log,
    snapshots: new MemorySnapshotStore(),
    events: counterEvents,
    decider: counter,
    answer: ({ total }: CounterState) => ({ total }),
    snapshotThreshold: 100,
    effects: simulatedEffects(),
  };
  const handler = new CommandHandler({ ...options, observer });
  const request = (commandId = `command-${++made}`): CommandRequest => {
    return { commandId, intent: 'test', correlationId: 'correlation', now };
  };
  const send = (command: CounterCommand, commandId?: string) =>
    handler.handle([{ id: 'a', command }], request(commandId));
  const rival = new CommandHandler(options);
  log.rival = () => rival.handle([{ id: 'a', command: { type: 'Add', amount: 1 } }], request());
  return { log, counts, handler, send, request };
}

describe('the counters of the command handler', () => {
  it('count a command that committed once, for any number of streams', async () => {
    const { counts, handler, send, request } = setUp();
    await send({ type: 'Add', amount: 2 });
    const [from, to] = [-1, 1].map((amount): CounterCommand => ({ type: 'Add', amount })) as [
      CounterCommand,
      CounterCommand,
    ];
    const targets = [
      { id: 'a', command: from },
      { id: 'b', command: to },
    ] as const;
    await handler.handle([targets[0], targets[1]], request());
    expect(counts).toEqual({ Commands: 2 });
  });

  it('count repeated commands separately', async () => {
    const { counts, send } = setUp();
    await send({ type: 'Add', amount: 2 }, 'once');
    await send({ type: 'Add', amount: 2 }, 'once');
    await send({ type: 'Add', amount: 2 }, 'once');
    expect(counts).toEqual({ Commands: 1, RepeatedCommands: 2 });
  });

  it('count rejected commands, and no command without events', async () => {
    const { counts, send } = setUp();
    await send({ type: 'Add', amount: -1 });
    expect(counts).toEqual({ Refusals: 1 });
    await send({ type: 'Close' });
    await send({ type: 'Close' });
    expect(counts).toEqual({ Refusals: 1, Commands: 1 });
  });

  it('count every attempt in which another writer committed first', async () => {
    const { counts, log, send } = setUp();
    log.races = 3;
    await send({ type: 'Add', amount: 1 });
    expect(counts).toEqual({ Commands: 1, Conflicts: 3 });
  });

  it('count the attempts of a command that gives up, but not the command', async () => {
    const { counts, log, send } = setUp();
    log.races = Number.POSITIVE_INFINITY;
    await expect(send({ type: 'Add', amount: 1 })).rejects.toMatchObject({ code: 'contention' });
    expect(counts).toEqual({ Conflicts: 12 });
  });
});
