import {
  buildHoldMs,
  type ReadModelName,
  type ReadModelStatus,
  type RebuilderRequest,
  type Refusal,
  type RepairReport,
  rebuilderName,
  type SegmentProgress,
} from '../../schema/projections.ts';
import type { Functions } from './functions.ts';
import type { Clock, Session } from './session.ts';

type Building = NonNullable<ReadModelStatus['building']>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a fake read model has. */
interface FakeModel {
  status: Mutable<ReadModelStatus>;
  last: number;
  owner?: string;
  /** Parts of `remove` that are done. */
  removed: Set<number>;
}

const untouched: SegmentProgress = {
  ...{ done: false, events: 0, streams: 0, rows: 0, lines: 0, caughtUp: 0, differences: {}, parked: 0 },
};

/** The protocol of the function `rebuilder`, as `schema/projections.ts` describes it, over no data at all. */
export class FakeRebuilder {
  readonly requests: RebuilderRequest[] = [];
  /** Time between `follow` and `readyAt`, and before a removal, in ms. */
  settleMs = 5_000;
  /** Invocations of a part until it is done. */
  invocationsPerPart = 3;
  /** What a compared part finds. */
  found: Pick<SegmentProgress, 'differences' | 'parked' | 'caughtUp'> = {
    ...{ differences: {}, parked: 0, caughtUp: 0 },
  };
  /** The fields that differ in the next repairs, one after the other. Then nothing differs. */
  damage: string[][] = [];
  readonly models: Map<ReadModelName, FakeModel>;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number, names: readonly ReadModelName[] = ['ledger', 'todo']) {
    this.#nowMs = nowMs;
    this.models = new Map(
      names.map((readModel) => [
        readModel,
        { status: { readModel, active: 'g1', removing: [], parked: 0 }, last: 1, removed: new Set() },
      ]),
    );
  }

  statusOf(readModel: ReadModelName): ReadModelStatus {
    return this.#model(readModel).status;
  }

  answer(request: RebuilderRequest): object {
    this.requests.push(request);
    switch (request.action) {
      case 'status':
        return [...this.models]
          .filter(([name]) => name === (request.readModel ?? name))
          .map(([, { status }]) => structuredClone(status));
      case 'repair':
        return this.#repair(request.stream);
      case 'forget':
        return {};
      default: {
        const model = this.#model(request.readModel);
        return structuredClone(this.#change(model, request) ?? model.status);
      }
    }
  }

  #repair(stream: string): RepairReport {
    const fields = this.damage.shift() ?? [];
    return {
      ...{ stream, readModel: 'ledger', version: 4, events: 4, settleMs: this.settleMs },
      generations: [
        { readModel: 'ledger', generation: 'g1', stream, fields, lines: fields.length },
        { readModel: 'todo', generation: 'g1', stream, fields: [], lines: 0 },
      ],
    };
  }

  #change(
    model: FakeModel,
    request: Exclude<RebuilderRequest, { action: 'status' | 'repair' | 'forget' }>,
  ): Refusal | SegmentProgress | undefined {
    const { status } = model;
    switch (request.action) {
      case 'begin':
        if (status.building) {
          return request.resume ? undefined : { refused: 'A generation is already being built.' };
        }
        model.last += 1;
        status.building = {
          generation: `g${model.last}`,
          phase: 'folding',
          segments: request.segments,
          startedAt: this.#iso(0),
          progress: [],
        };
        return undefined;
      case 'hold':
        return this.#hold(model, request.owner);
      case 'fold':
        return this.#part(model, request.segment, 'folding');
      case 'follow':
        return this.#follow(model);
      case 'compare':
        if (Date.parse(status.building?.readyAt ?? '') > this.#nowMs()) return { refused: 'Too early.' };
        return this.#part(model, request.segment, 'following');
      case 'finish':
        if (!this.#isDone(status.building)) return { refused: 'Not all parts are compared.' };
        return this.#build(model, { phase: 'compared' });
      case 'switch':
        if (request.generation === status.active) return undefined;
        if (status.building?.phase !== 'compared') {
          return { refused: `No generation of ${status.readModel} is compared and ready.` };
        }
        status.previous = status.active;
        status.active = status.building.generation;
        delete status.building;
        return undefined;
      case 'undo': {
        if (status.previous === undefined) return { refused: 'There is no previous generation.' };
        const { active, previous } = status;
        Object.assign(status, { active: previous, previous: active });
        return undefined;
      }
      case 'discard':
      case 'drop':
        return this.#giveUp(model, request.action);
      case 'remove':
        return this.#remove(model, request.segment);
      default:
        return request satisfies never;
    }
  }

  #hold(model: FakeModel, owner: string): Refusal | undefined {
    const { building } = model.status;
    if (!building) return { refused: 'No generation is being built.' };
    const isHeld = Date.parse(building.heldUntil ?? '') > this.#nowMs();
    if (isHeld && model.owner !== owner) return { refused: 'Another run works on it.' };
    model.owner = owner;
    return this.#build(model, { heldUntil: this.#iso(buildHoldMs) });
  }

  #follow(model: FakeModel): Refusal | undefined {
    const { building } = model.status;
    if (building?.phase === 'following') return undefined;
    if (building?.phase !== 'folding' || !this.#isDone(building)) {
      return { refused: 'Not all parts are folded.' };
    }
    return this.#build(model, { phase: 'following', readyAt: this.#iso(this.settleMs), progress: [] });
  }

  #part(model: FakeModel, segment: number, phase: Building['phase']): Refusal | SegmentProgress {
    const { building } = model.status;
    if (building?.phase !== phase) return { refused: `The generation is not ${phase}.` };
    const before = building.progress[segment] ?? untouched;
    const streams = Math.min(before.streams + 1, this.invocationsPerPart);
    const done = streams === this.invocationsPerPart;
    const after: SegmentProgress = {
      ...{ done, streams, rows: streams, fraction: streams / this.invocationsPerPart },
      ...(phase === 'folding'
        ? { ...untouched, done, streams, rows: streams, events: streams * 10, lines: streams * 10 }
        : { ...untouched, done, streams, rows: streams, ...(done && this.found) }),
    };
    const progress = Array.from(
      { length: building.segments },
      (_, index) => building.progress[index] ?? untouched,
    );
    this.#build(model, { progress: progress.with(segment, after) });
    return after;
  }

  #giveUp({ status, removed }: FakeModel, action: 'discard' | 'drop'): Refusal | undefined {
    const generation = action === 'drop' ? status.previous : status.building?.generation;
    if (generation === undefined) return { refused: `There is nothing to ${action}.` };
    if (action === 'drop') delete status.previous;
    else delete status.building;
    removed.clear();
    status.removing = [
      ...status.removing,
      { generation, removableAt: this.#iso(this.settleMs), segments: 2 },
    ];
    return undefined;
  }

  #remove({ status, removed }: FakeModel, segment: number): Refusal | SegmentProgress {
    const [removing] = status.removing;
    if (!removing) return { refused: 'Nothing is to be deleted.' };
    if (Date.parse(removing.removableAt) > this.#nowMs()) return { refused: 'Too early.' };
    removed.add(segment);
    if (removed.size === removing.segments) status.removing = [];
    return { ...untouched, done: true, rows: 7, lines: 70 };
  }

  #isDone(building: Building | undefined): boolean {
    return (
      building !== undefined &&
      building.progress.length === building.segments &&
      building.progress.every(({ done }) => done)
    );
  }

  #build({ status }: FakeModel, change: Partial<Building>): undefined {
    if (status.building) status.building = { ...status.building, ...change };
  }

  #model(readModel: ReadModelName): FakeModel {
    const model = this.models.get(readModel);
    if (model === undefined) throw new RangeError(`no ${readModel}`);
    return model;
  }

  #iso(inMs: number): string {
    return new Date(this.#nowMs() + inMs).toISOString();
  }
}

/** A clock that moves when somebody waits, to the earliest end of all waits that are under way. */
export function fakeClock(startMs = Date.parse('2026-11-01T00:00:00.000Z')): Clock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    wait: async (ms) => {
      const untilMs = nowMs + ms;
      // Other work of this turn goes first; nothing really takes time.
      await new Promise((resolve) => setImmediate(resolve));
      nowMs = Math.max(nowMs, untilMs);
    },
  };
}

/** Answers of a function to a request. */
export type FakeFunction = (request: object) => object;

/** A session with these functions, a clock that does not take time, and everything that was said and shown. */
export function fakeSession(
  others: Readonly<Record<string, FakeFunction>> = {},
  clock = fakeClock(),
): Session & { readonly rebuilder: FakeRebuilder; readonly said: string[] } {
  const rebuilder = new FakeRebuilder(clock.nowMs);
  const said: string[] = [];
  const answers: Readonly<Record<string, FakeFunction>> = {
    [rebuilderName]: (request) => rebuilder.answer(request as RebuilderRequest),
    ...others,
  };
  const functions: Functions = {
    invoke: async <Answer>(name: string, request: object) => {
      await new Promise((resolve) => setImmediate(resolve));
      const answer = answers[name]?.(JSON.parse(JSON.stringify(request)));
      if (answer === undefined) throw new Error(`no function ${name}`);
      return JSON.parse(JSON.stringify(answer)) as Answer;
    },
  };
  return {
    ...{ functions, clock, rebuilder, said },
    say: (line) => void said.push(line),
    withProgress: (title, work) => {
      said.push(title);
      return work(() => undefined);
    },
  };
}
