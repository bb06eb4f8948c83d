import type { Compose } from '../system/handler.ts';
import type { FunctionName } from '../world/faults.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { Environment, type InvokeResult } from './environment.ts';
import { timeoutsMs } from './settings.ts';

export type { InvokeResult } from './environment.ts';

/** Instances of a function at the same time, unless the run says otherwise. */
const usualMaxInstances = 10;
/** With this probability an invocation gets a new instance, although another is idle: so several serve, each with caches of its own. */
const newInstanceChance = 0.1;
/** While a deployment replaces the function, an invocation ends an idle instance with this probability. */
const endedChance = 0.3;

interface Waiting {
  readonly event: unknown;
  readonly what: () => string;
  readonly resolve: (result: InvokeResult) => void;
}

/** The instances of one function, and the invocations that wait for one. */
interface Pool {
  readonly name: FunctionName;
  readonly max: number;
  readonly random: Random;
  readonly environments: Environment[];
  readonly waiting: Waiting[];
}

/** What the Lambda service is made from. */
export interface LambdaProps {
  readonly world: World;
  readonly compose: Readonly<Partial<Record<FunctionName, Compose>>>;
  /** Instances at the same time. Further invocations wait for one. Default: 10. */
  readonly maxInstances?: Readonly<Partial<Record<FunctionName, number>>>;
}

/** The Lambda service: runs functions in instances, which it starts and ends. */
export class Lambda {
  readonly #props: LambdaProps;
  readonly #pools = new Map<FunctionName, Pool>();
  readonly #invocations = new Map<FunctionName, number>();
  readonly #listeners: ((functionName: FunctionName) => void)[] = [];

  constructor(props: LambdaProps) {
    this.#props = props;
  }

  /** Invokes a function. `what`: the event in words, for the trace. Never rejects. Throws if the function is not composed. */
  invoke(functionName: FunctionName, event: unknown, what = () => 'an event'): Promise<InvokeResult> {
    const pool = this.#poolOf(functionName);
    this.#invocations.set(functionName, (this.#invocations.get(functionName) ?? 0) + 1);
    for (const listener of this.#listeners) listener(functionName);
    return new Promise((resolve) => {
      pool.waiting.push({ event, what, resolve });
      this.#serve(pool);
    });
  }

  /** Calls a listener with the name of each function that is invoked. */
  onInvoke(listener: (functionName: FunctionName) => void): void {
    this.#listeners.push(listener);
  }

  /** How often each function was invoked. */
  get invocations(): ReadonlyMap<FunctionName, number> {
    return this.#invocations;
  }

  /** The functions that are running or wait for an instance. */
  get busy(): readonly FunctionName[] {
    return [...this.#pools.values()]
      .filter(({ waiting, environments }) => waiting.length > 0 || environments.some(({ isBusy }) => isBusy))
      .map(({ name }) => name);
  }

  #poolOf(name: FunctionName): Pool {
    const known = this.#pools.get(name);
    if (known) return known;
    const { world, compose, maxInstances } = this.#props;
    if (compose[name] === undefined) throw new Error(`The function ${name} is not composed.`);
    const max = maxInstances?.[name] ?? usualMaxInstances;
    const pool = { name, max, random: world.random.of(`lambda ${name}`), environments: [], waiting: [] };
    this.#pools.set(name, pool);
    return pool;
  }

  /** Starts invocations that wait, while there are instances for them. */
  #serve(pool: Pool): void {
    while (pool.waiting.length > 0) {
      const environment = this.#environmentFor(pool);
      if (environment === undefined) return;
      const { event, what, resolve } = pool.waiting.shift() as Waiting;
      environment.run(event, what, (result) => {
        resolve(result);
        this.#serve(pool);
      });
    }
  }

  /** An idle environment or a new one. Undefined: there are as many as there may be, and all are busy. */
  #environmentFor(pool: Pool): Environment | undefined {
    const { random, max, environments } = pool;
    this.#endOld(pool);
    const idle = environments.filter(({ isBusy }) => !isBusy);
    const [luck, choice] = [random.next(), random.next()];
    const mayStart = environments.length < max;
    if (idle.length > 0 && !(mayStart && luck < newInstanceChance)) {
      return idle[Math.floor(choice * idle.length)];
    }
    return mayStart ? this.#start(pool) : undefined;
  }

  #start({ name, random, environments }: Pool): Environment {
    const { world, compose } = this.#props;
    const environment = new Environment({
      instance: world.start(name),
      compose: compose[name] as Compose,
      timeoutMs: timeoutsMs[name],
      random,
    });
    environments.push(environment);
    return environment;
  }

  /** Ends idle environments whose time has come, and those with the earlier code after a deployment. Forgets dead ones. */
  #endOld(pool: Pool): void {
    const { world } = this.#props;
    const ends = world.isChanging(pool.name) && pool.random.chance(endedChance);
    const [first] = ends ? pool.environments.filter(({ isBusy }) => !isBusy) : [];
    first?.end('makes room for an instance with other code');
    for (const environment of pool.environments) {
      if (environment.isBusy || environment === first) continue;
      if (world.isReplaced(pool.name, environment.version)) environment.end('has the earlier code, and ends');
      else if (environment.endsMs <= world.time.nowMs) environment.end('ends, after it was idle');
    }
    const alive = pool.environments.filter(({ isAlive }) => isAlive);
    pool.environments.splice(0, pool.environments.length, ...alive);
  }
}
