import { contextNames } from '../../../schema/contexts.ts';
import {
  buildHoldMs,
  type ReadModelName,
  type ReadModelStatus,
  type Refusal,
  removalSegments,
  type SegmentProgress,
} from '../../../schema/projections.ts';
import {
  type Building,
  begin,
  discard,
  drop,
  finish,
  follow,
  type GenerationChange,
  type GenerationState,
  isRefusedChange,
  removed,
  switchOver,
  undo,
} from '../../kernel/index.ts';
import {
  comparePart,
  foldPart,
  noCounts,
  type PartName,
  type PartProgress,
  removePart,
} from '../../kernel/rebuild/index.ts';
import { answerOf, laterBy, nameOf, outOfParts, type PartRequest } from './answers.ts';
import type { RebuilderAnswer, RebuilderDependencies } from './rebuilder-ports.ts';
import type { BuildRequest } from './request.ts';

/** Another change of the same read model came in between in every attempt. */
const changeAttempts = 5;

/** Parked streams and records are counted up to this number. */
const parkedMax = 100;

type RequestOf<Action extends BuildRequest['action']> = Extract<BuildRequest, { readonly action: Action }>;
type Work = (
  from: PartProgress | undefined,
  save: (progress: PartProgress) => Promise<boolean>,
) => Promise<PartProgress | undefined>;

/**
 * Builds generations of read models, one step for each request. A step that was cut off is repeated: what is stored names how far it
 * is. It writes rows and lines alone, so no side effect fires again.
 */
export class Rebuilder {
  readonly #dependencies: RebuilderDependencies;

  constructor(dependencies: RebuilderDependencies) {
    this.#dependencies = dependencies;
  }

  /** Carries out a request. `hasTime`: false when the invocation should end. Throws in an outage: repeat the request. */
  async answer(request: BuildRequest, hasTime: () => boolean): Promise<RebuilderAnswer> {
    const now = this.#dependencies.effects.now();
    switch (request.action) {
      case 'status':
        return Promise.all(
          (request.readModel ? [request.readModel] : contextNames).map(async (name) => this.#status(name)),
        );
      case 'begin':
        return this.#begin(request, now);
      case 'hold':
        return this.#hold(request, now);
      case 'fold':
        return this.#fold(request, hasTime);
      case 'follow':
        return this.#whenDone(request, 'fold', (state) => follow(state, request.generation, now));
      case 'compare':
        return this.#compare(request, now, hasTime);
      case 'finish':
        return this.#whenDone(request, 'compare', (state) => finish(state, request.generation));
      case 'switch':
        return this.#switch(request, now);
      case 'undo':
        return this.#change(request.readModel, undo);
      case 'discard':
        return this.#change(request.readModel, (state) => discard(state, now));
      case 'drop':
        return this.#change(request.readModel, (state) => drop(state, now));
      case 'remove':
        return this.#remove(request, now, hasTime);
      default: {
        const unknown: never = request;
        throw new TypeError(`Not a request: ${JSON.stringify(unknown)}`);
      }
    }
  }

  async #begin({ readModel, segments, resume = false }: RequestOf<'begin'>, now: string) {
    const { building } = await this.#dependencies.generations.read(readModel);
    if (resume && building !== undefined) return this.#status(readModel);
    return this.#change(readModel, (state) => begin(state, { segments, now }));
  }

  async #hold({ readModel, generation, owner }: RequestOf<'hold'>, now: string) {
    const { generations, progress } = this.#dependencies;
    if ((await generations.read(readModel)).building?.generation !== generation) {
      return { refused: `Generation ${generation} of ${readModel} is not being built.` };
    }
    const until = laterBy(now, buildHoldMs);
    if (await progress.hold(`${readModel}/${generation}`, owner, { now, until }))
      return this.#status(readModel);
    return { refused: `Another run works on generation ${generation} of ${readModel}.` };
  }

  async #switch(request: RequestOf<'switch'>, now: string) {
    const { readModel, generation, unlessParked = false } = request;
    const state = await this.#dependencies.generations.read(readModel);
    if (generation !== undefined && state.active === generation) return this.#status(readModel);
    if (generation !== undefined && state.building?.generation !== generation) {
      return { refused: `Generation ${generation} of ${readModel} is not being built.` };
    }
    const parked = unlessParked && state.building ? await this.#parkedIn(readModel, state.building) : 0;
    if (parked > 0) {
      return {
        refused: `${parked} streams could not be folded to their end, so ${readModel} stays as it is. Look at what is parked, then switch.`,
      };
    }
    return this.#change(readModel, (current) => switchOver(current, now));
  }

  async #fold(request: RequestOf<'fold'>, hasTime: () => boolean): Promise<SegmentProgress | Refusal> {
    const { readModel, generation, segment } = request;
    const { scan, history, parking, effects, load } = this.#dependencies;
    const building = await this.#building(request);
    if ('refused' in building) return building;
    if (building.phase !== 'folding') return this.#stored(request);
    const { model, rowsOf, writerOf } = await load(readModel);
    return this.#work(request, (from, save) =>
      foldPart(
        {
          ...{ model, scan, history, parking, effects, hasTime, save },
          part: { segment, segments: building.segments },
          building: rowsOf(generation),
          writer: writerOf(generation),
        },
        from,
      ),
    );
  }

  async #compare(
    request: RequestOf<'compare'>,
    now: string,
    hasTime: () => boolean,
  ): Promise<SegmentProgress | Refusal> {
    const { readModel, generation, segment } = request;
    const { history, parking, effects, load, generations } = this.#dependencies;
    const building = await this.#building(request);
    if ('refused' in building) return building;
    if (building.phase === 'compared') return this.#stored(request);
    const readyAt = this.#readyAt(building);
    if (readyAt === undefined) return { refused: `Projectors do not write generation ${generation} yet.` };
    if (now < readyAt) return { refused: `Rows can be compared from ${readyAt} on.` };
    const { active } = await generations.read(readModel);
    const { model, rowsOf, rowScan } = await load(readModel);
    return this.#work(request, (from, save) =>
      comparePart(
        {
          ...{ model, history, parking, effects, hasTime, save },
          part: { segment, segments: building.segments },
          active: rowsOf(active),
          building: rowsOf(generation),
          rows: rowScan,
          generations: { active, building: generation },
        },
        from,
      ),
    );
  }

  async #remove(request: RequestOf<'remove'>, now: string, hasTime: () => boolean) {
    const { readModel, generation, segment } = request;
    const { generations, load } = this.#dependencies;
    if (segment >= removalSegments) return outOfParts(removalSegments);
    const { removing = [], building } = await generations.read(readModel);
    const own = removing.find((one) => one.generation === generation);
    if (own === undefined) {
      const stored = await this.#stored(request);
      if (stored.done) return stored;
      return { refused: `Generation ${generation} was not given up, so its rows are not deleted.` };
    }
    if (building?.phase === 'following') {
      return { refused: `${building.generation} is being compared. Delete ${generation} after that.` };
    }
    const removableAt = laterBy(own.since, this.#dependencies.settleMs);
    if (now < removableAt) {
      return { refused: `The rows of generation ${generation} can be deleted from ${removableAt} on.` };
    }
    const { rowScan: sweep } = await load(readModel);
    const part = { segment, segments: removalSegments };
    const progress = await this.#work(request, (from, save) =>
      removePart({ part, generation, sweep, hasTime, save }, from),
    );
    if ('refused' in progress || !(await this.#isDone(request, removalSegments))) return progress;
    const left = await this.#change(readModel, (state) => removed(state, generation));
    // Another invocation may have noted it.
    const isLeft = !('refused' in left) && left.removing.some((one) => one.generation === generation);
    return isLeft ? { ...progress, done: false } : progress;
  }

  /** The build that a request names, or why it is refused. */
  async #building({ readModel, generation, segment }: PartRequest): Promise<Building | Refusal> {
    const { building } = await this.#dependencies.generations.read(readModel);
    if (building?.generation !== generation) {
      return { refused: `Generation ${generation} of ${readModel} is not being built.` };
    }
    return segment < building.segments ? building : outOfParts(building.segments);
  }

  /** Works on a part from its stored progress on. */
  async #work(request: PartRequest, work: Work): Promise<SegmentProgress | Refusal> {
    const { progress } = this.#dependencies;
    const part = nameOf(request);
    const stored = await progress.load(part);
    if (stored?.progress.done) return answerOf(stored.progress);
    let revision = stored?.revision ?? 0;
    let isGivenUp = false;
    const save = async (next: PartProgress) => {
      isGivenUp = !(await this.#isInUse(request));
      if (isGivenUp || (await progress.save(part, revision, next)) === 'stale') return false;
      revision += 1;
      return true;
    };
    const reached = await work(stored?.progress, save);
    if (isGivenUp && request.action !== 'remove')
      return { refused: `Generation ${request.generation} was given up meanwhile.` };
    // Another invocation works on the part: its progress counts.
    return reached === undefined ? this.#stored(request) : answerOf(reached);
  }

  /**
   * False: the generation was given up, or is gone, so nothing more is written to it. Nothing is deleted while another one is
   * compared: that scans the same table, and an engine may end a scan behind an item that is no longer there.
   */
  async #isInUse({ action, readModel, generation }: PartRequest): Promise<boolean> {
    const { building, removing = [] } = await this.#dependencies.generations.read(readModel);
    if (action === 'remove') {
      return building?.phase !== 'following' && removing.some((one) => one.generation === generation);
    }
    return building?.generation === generation;
  }

  async #stored(request: PartRequest): Promise<SegmentProgress> {
    const stored = await this.#dependencies.progress.load(nameOf(request));
    return answerOf(stored?.progress ?? { done: false, counts: noCounts() });
  }

  async #isDone({ readModel, generation, action }: PartRequest, segments: number): Promise<boolean> {
    const parts = await this.#parts({ readModel, generation, phase: action }, segments);
    return parts.every(({ done }) => done);
  }

  async #parts(name: Omit<PartName, 'segment'>, segments: number): Promise<readonly SegmentProgress[]> {
    const loaded = Array.from({ length: segments }, (_, segment) =>
      this.#dependencies.progress.load({ ...name, segment }),
    );
    const none = { done: false, counts: noCounts() };
    return (await Promise.all(loaded)).map((stored) => answerOf(stored?.progress ?? none));
  }

  /** Changes the phase of a build if all parts of the phase before are done. */
  async #whenDone(
    { readModel, generation }: RequestOf<'follow' | 'finish'>,
    phase: 'fold' | 'compare',
    change: (state: GenerationState) => GenerationChange,
  ) {
    const { building } = await this.#dependencies.generations.read(readModel);
    if (building?.generation === generation) {
      const parts = await this.#parts({ readModel, generation, phase }, building.segments);
      const open = parts.filter(({ done }) => !done).length;
      const what = phase === 'fold' ? 'folded' : 'compared';
      if (open > 0) return { refused: `${open} of ${parts.length} parts are not ${what} yet.` };
    }
    return this.#change(readModel, change);
  }

  async #change(readModel: ReadModelName, change: (state: GenerationState) => GenerationChange) {
    const { generations } = this.#dependencies;
    for (let attempt = 1; attempt <= changeAttempts; attempt += 1) {
      const state = await generations.read(readModel);
      const next = change(state);
      if (isRefusedChange(next)) return { refused: next.refused };
      if (next === state) return this.#status(readModel);
      if ((await generations.change(readModel, state, next)).outcome === 'changed') {
        return this.#status(readModel);
      }
    }
    return { refused: `The generations of ${readModel} were changed by others meanwhile. Try again.` };
  }

  async #status(readModel: ReadModelName): Promise<ReadModelStatus> {
    const { generations, settleMs } = this.#dependencies;
    const { active, previous, building, removing = [] } = await generations.read(readModel);
    return {
      ...{ readModel, active },
      ...(previous !== undefined && { previous }),
      ...(building !== undefined && { building: await this.#statusOf(readModel, building) }),
      removing: removing.map(({ generation, since }) => ({
        ...{ generation, removableAt: laterBy(since, settleMs), segments: removalSegments },
      })),
      parked: await this.#parked(readModel),
    };
  }

  /** Number of streams that the comparison could not fold to their end. */
  async #parkedIn(readModel: ReadModelName, { generation, segments }: Building): Promise<number> {
    const parts = await this.#parts({ readModel, generation, phase: 'compare' }, segments);
    return parts.reduce((sum, { parked }) => sum + parked, 0);
  }

  async #statusOf(readModel: ReadModelName, building: Building) {
    const { generation, phase, segments, startedAt } = building;
    const [readyAt, heldUntil] = [
      this.#readyAt(building),
      await this.#dependencies.progress.heldUntil(`${readModel}/${generation}`),
    ];
    const [fold, compare] = [
      { readModel, generation, phase: 'fold' },
      { readModel, generation, phase: 'compare' },
    ] as const;
    const isFolding = phase === 'folding';
    return {
      ...{ generation, phase, segments, startedAt },
      ...(!isFolding && { folded: await this.#parts(fold, segments) }),
      ...(readyAt !== undefined && { readyAt }),
      ...(heldUntil !== undefined && { heldUntil }),
      progress: await this.#parts(isFolding ? fold : compare, segments),
    };
  }

  async #parked(readModel: ReadModelName): Promise<number> {
    const { consumers } = await this.#dependencies.load(readModel);
    const { parkingLot } = this.#dependencies.parking;
    const lists = await Promise.all(consumers.map((name) => parkingLot.list(name, { limit: parkedMax })));
    return Math.min(parkedMax, lists.flat().length);
  }

  #readyAt({ followingSince }: Building): string | undefined {
    return followingSince && laterBy(followingSince, this.#dependencies.settleMs);
  }
}
