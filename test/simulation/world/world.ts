import { isAbout, isWrite } from './call-target.ts';
import type { ArrivedRequest, Caller, CallFaultKind, KillMoment, SentCall, Surroundings } from './caller.ts';
import { type CodeVersion, changeOf, type Deployment, isReplaced, versionAt } from './deployment.ts';
import { type Fault, Faults, type FunctionName, type ServiceName } from './faults.ts';
import { Instance } from './instance.ts';
import { Random } from './random.ts';
import { SimulatedTime } from './time.ts';
import { Trace } from './trace.ts';

/** A service of AWS: carries out one call at one instant. */
export interface SimulatedService {
  execute(operation: string, input: object, call: SimulatedCall): object;
}

/** The circumstances of a call. */
export interface SimulatedCall {
  /** In ms since 1970, by the service's clock. */
  readonly nowMs: number;
  /** Age of what a read sees that is not strongly consistent, in ms. Called once for each such read. */
  readonly staleMs: () => number;
  /** Parts of a batch that the service leaves out, by their place. */
  readonly leavesOut?: ReadonlySet<number> | undefined;
}

/** What a world is made from. */
export interface WorldProps {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly isTraced: boolean;
  readonly services: Readonly<Record<ServiceName, SimulatedService>>;
}

/** The start of every history, in ms since 1970. */
export const startMs = Date.parse('2026-03-01T08:00:00.000Z');

/** Usual age of what an eventually consistent read sees, in ms, at most. */
const usualStaleMs = 20;

/** The faults of single calls, in the order in which their chances are added up. */
const callFaults = ['request-lost', 'response-lost', 'throttled', 'slow', 'partial-batch'] as const;

/** One simulated world: its time, services, network and instances. */
export class World implements Surroundings {
  readonly time = new SimulatedTime(startMs);
  readonly random: Random;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly services: Readonly<Record<ServiceName, SimulatedService>>;
  readonly #staleness: Random;
  readonly #numbers = new Map<FunctionName, number>();
  readonly #calls = new Map<FunctionName, number>();
  readonly #turns = new Map<FunctionName, number>();
  readonly #killed = new Set<Fault>();
  /** Calls of a function when a fault that kills it began to count. */
  readonly #countedFrom = new Map<Fault, number>();

  constructor({ seed, faults, isTraced, services }: WorldProps) {
    this.random = new Random(seed, 'world');
    this.#staleness = this.random.of('staleness');
    this.faults = new Faults(faults, () => this.elapsedMs);
    this.trace = new Trace(() => this.time.nowMs, isTraced);
    this.services = services;
  }

  /** Simulated ms since the start of the history. */
  get elapsedMs(): number {
    return this.time.nowMs - startMs;
  }

  /** A new instance of a function. */
  start(functionName: FunctionName): Instance {
    const number = (this.#numbers.get(functionName) ?? 0) + 1;
    this.#numbers.set(functionName, number);
    const [skew] = this.faults.inForce('clock-skew').filter((fault) => fault.function === functionName);
    if (skew) this.faults.strike('clock-skew');
    const version = this.#versionNow(functionName);
    if (version === 'next') this.faults.strike('rolling-deploy');
    return new Instance({ world: this, functionName, number, version, skewMs: skew?.skewMs ?? 0 });
  }

  countCall(functionName: FunctionName): void {
    this.#calls.set(functionName, (this.#calls.get(functionName) ?? 0) + 1);
  }

  killOf(instance: Pick<Caller, 'name' | 'functionName'>): KillMoment | undefined {
    const calls = this.#calls.get(instance.functionName) ?? 0;
    for (const fault of this.faults.inForce('killed')) {
      if (fault.function !== instance.functionName || this.#killed.has(fault)) continue;
      const from = this.#countedFrom.get(fault) ?? calls;
      this.#countedFrom.set(fault, from);
      if (calls - from < fault.afterCalls) continue;
      this.#killed.add(fault);
      this.faults.strike('killed');
      this.trace.say(instance.name, () => `is killed (${fault.moment})`);
      return fault.moment;
    }
    return undefined;
  }

  callFault(service: ServiceName, { operation, input }: SentCall, luck: number): CallFaultKind | undefined {
    let chances = 0;
    for (const kind of callFaults) {
      for (const fault of this.faults.inForce(kind)) {
        if (fault.service !== service) continue;
        if (fault.only !== undefined && !isAbout(input, fault.only)) continue;
        if (fault.writesOnly && !isWrite(operation)) continue;
        chances += fault.chance;
        if (luck >= chances) continue;
        // A partial batch counts only if something is left out.
        if (kind !== 'partial-batch') this.faults.strike(kind);
        return kind;
      }
    }
    return undefined;
  }

  carryOut(service: ServiceName, operation: string, { input, leavesOut }: ArrivedRequest): object {
    return this.services[service].execute(operation, input, {
      nowMs: this.time.nowMs,
      staleMs: this.#staleMs,
      leavesOut,
    });
  }

  readonly #staleMs = (): number => {
    const [stale] = this.faults.inForce('stale-reads');
    const ageMs = this.#staleness.under(stale?.upToMs ?? usualStaleMs);
    if (stale && ageMs > usualStaleMs) this.faults.strike('stale-reads');
    return ageMs;
  };

  /** True if the code is replaced: idle instances of the function with it end. */
  isReplaced(functionName: FunctionName, version: CodeVersion): boolean {
    return isReplaced(this.#deployment, this.elapsedMs, version, changeOf(this.#turnOf(functionName), 1));
  }

  /** True while instances of the function that start now may have the later code, and those of before still serve. */
  isChanging(functionName: FunctionName): boolean {
    const turn = this.#turnOf(functionName);
    const first = versionAt(this.#deployment, this.elapsedMs, changeOf(turn, 0));
    return first !== versionAt(this.#deployment, this.elapsedMs, changeOf(turn, 1));
  }

  #versionNow(functionName: FunctionName): CodeVersion {
    const luck = this.random.of(`version at ${this.elapsedMs}`).next();
    return versionAt(this.#deployment, this.elapsedMs, changeOf(this.#turnOf(functionName), luck));
  }

  /** A deployment replaces the functions one by one. */
  #turnOf(functionName: FunctionName): number {
    const known = this.#turns.get(functionName);
    if (known !== undefined) return known;
    const turn = this.random.of(`deployment of ${functionName}`).next();
    this.#turns.set(functionName, turn);
    return turn;
  }

  /** The deployment of this history, if it has one. */
  get #deployment(): Deployment | undefined {
    return this.faults.ofKind('rolling-deploy')[0];
  }
}
