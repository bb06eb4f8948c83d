import { describe, expect, it } from '@jest/globals';
import { CommandHandler } from './command-handler.ts';
import type { Commit } from './commit.ts';
import { commitHash } from './commit-hash.ts';
import type { AppendResult } from './event-log.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import type { Observer } from './observer.ts';
import { type CounterCommand, type CounterState, counter, counterEvents } from './testing/counter.fixture.ts';
import { commitsOf, request } from './testing/counter-handler.fixture.ts';
import { recordingObserver, traceparentIn } from './testing/recording-observer.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

/** What becomes of the next appends. `lost`: the answer. Default: what the log says. */
class AnsweringLog extends MemoryEventLog {
  readonly answers: ('conflict' | 'unknown' | 'lost')[] = [];

  override async append(commits: readonly Commit[]): Promise<AppendResult> {
    const answer = this.answers.shift();
    if (answer === 'conflict' || answer === 'unknown') return answer;
    const appended = await super.append(commits);
    return answer === 'lost' ? 'unknown' : appended;
  }
}

interface SetUp {
  readonly log?: AnsweringLog;
  readonly snapshots?: MemorySnapshotStore;
  readonly observer?: Observer;
}

function setUp({ log = new AnsweringLog(), snapshots = new MemorySnapshotStore(), observer }: SetUp = {}) {
  const recording = recordingObserver();
  const handler = new CommandHandler({
    ...{ log, snapshots, events: counterEvents, decider: counter },
    answer: ({ total }: CounterState) => ({ total }),
    snapshotThreshold: 100,
    effects: simulatedEffects(),
    observer: observer ?? recording.observer,
  });
  const send = (command: CounterCommand, more: Parameters<typeof request>[0] = {}) =>
    handler.handle([{ id: 'a', command }], request(more));
  /** Takes the lines so far, without what became known while steps ran. */
  const take = () => recording.take().filter((line) => !line.includes(' + '));
  return { log, handler, send, ...recording, take, takeAll: recording.take };
}

const add = (amount: number): CounterCommand => ({ type: 'Add', amount });

describe('the steps of a command', () => {
  it('name its stream, its commit and the number of its events', async () => {
    const { send, takeAll } = setUp();
    await send(add(2));
    await send({ type: 'Add', amount: 3, times: 2 });
    expect(takeAll()).toEqual([
      '1 hydrate {"stream":"counter/a"}',
      '1 + {"events":0}',
      '2 decide {"stream":"counter/a"}',
      '2 + {"events":1}',
      '3 append {"stream":"counter/a","commits":["counter/a@1"],"events":1}',
      '4 hydrate {"stream":"counter/a"}',
      '4 + {"events":0}',
      '5 decide {"stream":"counter/a"}',
      '5 + {"events":2}',
      '6 append {"stream":"counter/a","commits":["counter/a@2"],"events":2}',
    ]);
  });

  it('say how many events were read: all, those after a snapshot, or those of others', async () => {
    const snapshots = new MemorySnapshotStore();
    const log = new AnsweringLog();
    const [first, second, third] = [setUp({ log }), setUp({ log, snapshots }), setUp({ log, snapshots })];
    const read = (lines: string[]) => lines.filter((line) => /^1 \+|^4 \+/.test(line));
    for (let command = 0; command < 100; command += 1) await first.send(add(1));
    await second.send(add(1));
    expect(read(second.takeAll())).toEqual(['1 + {"events":100}']);
    await first.send({ type: 'Add', amount: 1, times: 3 });
    await second.send(add(1));
    await third.send(add(1));
    expect(read(second.takeAll())).toEqual(['4 + {"events":3}']);
    expect(read(third.takeAll())).toEqual(['1 + {"events":4}']);
  });

  it('name every commit of a command on several streams', async () => {
    const { handler, send, take } = setUp();
    await send(add(5));
    take();
    const [from, to] = [
      { id: 'a', command: add(-1) },
      { id: 'b', command: add(1) },
    ] as const;
    await handler.handle([from, to], request());
    expect(take()[2]).toBe(
      '6 append {"stream":"counter/a","commits":["counter/a@2","counter/b@1"],"events":2}',
    );
  });

  it('tell each conflict and the attempt after it', async () => {
    const { log, send, take } = setUp();
    log.answers.push('conflict', 'conflict');
    await send(add(2));
    expect(take().filter((line) => !/hydrate|decide/.test(line))).toEqual([
      '3 append {"stream":"counter/a","commits":["counter/a@1"],"events":1}',
      '3 · conflict {"attempt":1}',
      '- · retry {"attempt":2}',
      '6 append {"stream":"counter/a","commits":["counter/a@1"],"events":1}',
      '6 · conflict {"attempt":2}',
      '- · retry {"attempt":3}',
      '9 append {"stream":"counter/a","commits":["counter/a@1"],"events":1}',
    ]);
  });

  it('tell no attempt after the last conflict', async () => {
    const { log, send, take } = setUp();
    log.answers.push(...Array.from({ length: 12 }, () => 'conflict' as const));
    await expect(send(add(2))).rejects.toMatchObject({ code: 'contention' });
    const lines = take();
    expect(lines.filter((line) => line.includes('conflict'))).toHaveLength(12);
    expect(lines.filter((line) => line.includes('retry'))).toHaveLength(11);
  });

  it('tell that an append was cut off', async () => {
    const { log, send, take } = setUp();
    log.answers.push('unknown');
    await send(add(2));
    expect(take().slice(3, 5)).toEqual(['3 · cut-off {"attempt":1}', '- · retry {"attempt":2}']);
  });

  it('tell that a command had committed before, and where', async () => {
    const { send, take } = setUp();
    await send(add(2), { commandId: 'once' });
    take();
    await send(add(2), { commandId: 'once' });
    expect(take()).toEqual(['4 hydrate {"stream":"counter/a"}', '- · repeated {"commit":"counter/a@1"}']);
  });

  it('do not tell that of an append whose answer was lost', async () => {
    const { log, send, take, counts } = setUp();
    log.answers.push('lost');
    expect(await send(add(2))).toMatchObject({ outcome: 'committed' });
    expect(take().slice(3)).toEqual([
      '3 · cut-off {"attempt":1}',
      '- · retry {"attempt":2}',
      '4 hydrate {"stream":"counter/a"}',
    ]);
    expect(counts).toEqual({ CutOffs: 1, Commands: 1 });
  });

  it('tell why a command is refused', async () => {
    const { send, take, counts } = setUp();
    await send(add(-1));
    expect(take()).toEqual([
      '1 hydrate {"stream":"counter/a"}',
      '2 decide {"stream":"counter/a"}',
      '2 · refused {"code":"counter/below-zero"}',
    ]);
    expect(counts).toEqual({ Refusals: 1 });
  });

  it('have no append if there are no events', async () => {
    const { send, take } = setUp();
    await send({ type: 'Close' });
    take();
    expect(await send({ type: 'Close' })).toMatchObject({ outcome: 'unchanged' });
    expect(take()).toEqual(['4 hydrate {"stream":"counter/a"}', '5 decide {"stream":"counter/a"}']);
  });
});

describe('the trace context of a commit', () => {
  const caller = traceparentIn('c');

  it('is that of the append that succeeded, and the hash covers it', async () => {
    const { log, send } = setUp();
    log.answers.push('conflict');
    await send(add(2), { traceparent: caller });
    const [commit] = (await commitsOf(log, 'a')) as [Commit];
    expect(commit.traceparent).toBe(traceparentIn('f', '6'));
    const content = { ...commit, count: 1, events: JSON.stringify(commit.events) };
    expect(commit.hash).toBe(commitHash(content));
  });

  it('is that of the request if nothing is traced', async () => {
    const { observer } = recordingObserver();
    const { log, send } = setUp({ observer: { ...observer, traceparent: () => undefined } });
    await send(add(2), { traceparent: caller });
    await send(add(2));
    expect((await commitsOf(log, 'a')).map(({ traceparent }) => traceparent)).toEqual([caller, undefined]);
  });
});
