import type { RebuilderRequest } from '../../../schema/projections.ts';
import { broken, ended, type FakeAnswer, type FakeCall, fakeSettleMs } from './fake-world.fixture.ts';

const counts = { events: 0, streams: 0, rows: 0, lines: 0, caughtUp: 0, differences: {}, parked: 0 };

/** How the fake behaves. */
export interface FakeRebuilderOptions {
  readonly startMs: number;
  /** The number of each request that is not answered, from 1. `carried`: it is carried out all the same. */
  readonly lost?: Readonly<Record<number, 'carried' | 'not-carried'>>;
  /** Invocations that each part needs. */
  readonly invocations?: number;
  /** Streams that cannot be folded, found by each part of `compare`. */
  readonly parked?: number;
  /** The fields that differ, of each repair. Default: none. */
  readonly differing?: string[][];
}

/** A rebuilder with one read model, as far as its answers steer the operator. Other functions have nothing to redrive. */
export class FakeRebuilder {
  active = 'g1';
  previous: string | undefined;
  building:
    | {
        generation: string;
        phase: 'folding' | 'following' | 'compared';
        segments: number;
        readyAt?: string;
        progress: { done: boolean; parked: number }[];
      }
    | undefined;
  removing: { generation: string; removableAt: string; segments: number }[] = [];
  readonly #options: FakeRebuilderOptions;
  readonly #works = new Map<string, number>();
  #requests = 0;
  #last = 1;

  constructor(options: FakeRebuilderOptions) {
    this.#options = options;
  }

  readonly answer = ({ name, event, atMs }: FakeCall): FakeAnswer => {
    if (name !== 'rebuilder') return ended({ projected: 0, parked: [], failed: [] });
    this.#requests += 1;
    const lost = this.#options.lost?.[this.#requests];
    if (lost === 'not-carried') return broken('killed');
    const answer = this.#answerTo(event as unknown as RebuilderRequest, this.#options.startMs + atMs);
    return lost === 'carried' ? broken('killed') : ended(answer);
  };

  #answerTo(request: RebuilderRequest, nowMs: number): object {
    switch (request.action) {
      case 'status':
        return [this.#status(request.readModel ?? '')];
      case 'begin':
        if (this.building && !request.resume) return { refused: 'A build runs.' };
        this.#last += this.building ? 0 : 1;
        this.building ??= {
          generation: `g${this.#last}`,
          ...{ phase: 'folding', segments: request.segments, progress: [] },
        };
        return this.#status(request.readModel);
      case 'fold':
        return this.#work(request.action, request.segment, 0);
      case 'compare':
        if (nowMs < Date.parse(this.building?.readyAt ?? '')) return { refused: 'Too early.' };
        return this.#work(request.action, request.segment, this.#options.parked ?? 0);
      case 'follow':
        Object.assign(this.building ?? {}, {
          phase: 'following',
          // The clock of the function is behind.
          readyAt: new Date(nowMs + fakeSettleMs + 500).toISOString(),
        });
        return this.#status(request.readModel);
      case 'finish':
        if (this.building) this.building.phase = 'compared';
        return this.#status(request.readModel);
      case 'switch':
        if (this.active !== request.generation) {
          this.previous = this.active;
          this.active = this.building?.generation ?? '';
          this.building = undefined;
        }
        return this.#status(request.readModel);
      case 'undo':
        [this.active, this.previous] = [this.previous ?? '', this.active];
        return this.#status(request.readModel);
      case 'drop':
        if (this.previous === undefined) return { refused: 'There is no previous generation.' };
        this.#giveUp(this.previous, nowMs);
        this.previous = undefined;
        return this.#status(request.readModel);
      case 'discard':
        this.#giveUp(this.building?.generation ?? '', nowMs);
        this.building = undefined;
        return this.#status(request.readModel);
      case 'remove': {
        const done = this.#work(request.action, request.segment, 0);
        if (request.segment === 3 && done.done) this.removing = [];
        return done;
      }
      case 'repair': {
        const fields = this.#options.differing?.shift() ?? [];
        return { generations: [{ generation: this.active, fields, lines: 0 }] };
      }
      default:
        return { refused: 'The fake cannot do this.' };
    }
  }

  #work(action: string, segment: number, parked: number) {
    const part = `${action} ${segment} of ${this.building?.generation}`;
    const times = (this.#works.get(part) ?? 0) + 1;
    this.#works.set(part, times);
    return { ...counts, rows: times, parked, done: times >= (this.#options.invocations ?? 2) };
  }

  #giveUp(generation: string, nowMs: number): void {
    this.removing.push({
      generation,
      removableAt: new Date(nowMs + fakeSettleMs).toISOString(),
      segments: 4,
    });
  }

  #status(readModel: string): object {
    const { active, previous, building, removing } = this;
    return {
      readModel,
      active,
      previous,
      ...(building && { building: { ...building } }),
      removing,
      parked: 0,
    };
  }
}
