import type { Compose, Handler } from '../system/handler.ts';
import type { Instance } from '../world/instance.ts';
import type { Random } from '../world/random.ts';
import type { Timer } from '../world/time.ts';

/** How an invocation ended. `instance`: the name of the one that ran it. */
export type InvokeResult =
  | { readonly ok: true; readonly result: unknown; readonly instance: string }
  | {
      readonly ok: false;
      readonly reason: 'threw' | 'killed' | 'timed-out';
      readonly error?: unknown;
      readonly instance: string;
    };

/** Times of a start, in ms: of an instance that is idle, and of a new one. */
const [warmMs, coldMs] = [
  [1, 5],
  [150, 900],
] as const;
/** An idle instance ends after this time, in ms. */
const idleMs = [60_000, 600_000] as const;

/** The code of a new instance, in words. */
const startsWith: Readonly<Record<Instance['version'], string>> = {
  current: '',
  reader: ' with the code that reads new events',
  next: ' with the next code',
};

/** What an {@link Environment} is made from. */
export interface EnvironmentProps {
  readonly instance: Instance;
  readonly compose: Compose;
  readonly timeoutMs: number;
  readonly random: Random;
}

type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly reason: 'threw' | 'killed' | 'timed-out'; readonly error?: unknown };

/** An instance with its function. It runs one invocation at a time, and is killed at its timeout. */
export class Environment {
  /** When it ends, if it stays idle. In ms since 1970. */
  endsMs = Number.POSITIVE_INFINITY;
  readonly #props: EnvironmentProps;
  #handler: Handler | undefined;
  /** Ends the invocation that it runs. */
  #finish: ((outcome: Outcome) => void) | undefined;

  constructor(props: EnvironmentProps) {
    this.#props = props;
    props.instance.onKill(() => this.#finish?.({ ok: false, reason: 'killed' }));
  }

  get isBusy(): boolean {
    return this.#finish !== undefined;
  }

  get isAlive(): boolean {
    return this.#props.instance.isAlive;
  }

  get version(): Instance['version'] {
    return this.#props.instance.version;
  }

  /** Ends it while it is idle. */
  end(why: string): void {
    const { instance } = this.#props;
    instance.world.trace.say(instance.name, () => why);
    instance.kill();
  }

  /** Runs an invocation. Calls `done` once, with how it ended. */
  run(event: unknown, what: () => string, done: (result: InvokeResult) => void): void {
    const { instance, random, timeoutMs } = this.#props;
    const { time, trace } = instance.world;
    const isCold = this.#handler === undefined;
    const [fastest, slowest] = isCold ? coldMs : warmMs;
    const startsIn = random.between(fastest, slowest);
    const lifeMs = random.between(...idleMs);
    let timeout: Timer | undefined;
    this.#finish = (outcome) => {
      this.#finish = undefined;
      if (timeout) timeout.cancelled = true;
      this.endsMs = time.nowMs + lifeMs;
      this.#sayFailure(outcome);
      done({ ...outcome, instance: instance.name });
    };
    if (isCold) trace.say(instance.name, () => `starts${startsWith[this.version]}`);
    time.after(startsIn, () => {
      if (!instance.isAlive) return;
      trace.say(instance.name, () => `gets ${what()}`);
      const deadlineMs = time.nowMs + timeoutMs;
      timeout = time.after(timeoutMs, () => this.#timeOut());
      this.#call(event, () => Math.max(0, deadlineMs - time.nowMs));
    });
  }

  #call(event: unknown, remainingMs: () => number): void {
    const { instance, compose } = this.#props;
    const finish = this.#finish;
    const end = (outcome: Outcome) => {
      // A killed instance says nothing any more.
      if (instance.isAlive && this.#finish === finish) finish?.(outcome);
    };
    const threw = (error: unknown) => end({ ok: false, reason: 'threw', error });
    try {
      this.#handler ??= compose(instance);
      this.#handler(event, { remainingMs }).then((result) => end({ ok: true, result }), threw);
    } catch (error) {
      threw(error);
    }
  }

  #timeOut(): void {
    const finish = this.#finish;
    // Before the kill, which would be the reason otherwise.
    finish?.({ ok: false, reason: 'timed-out' });
    this.#props.instance.kill();
  }

  #sayFailure(outcome: Outcome): void {
    if (outcome.ok) return;
    const { instance, timeoutMs } = this.#props;
    const { reason, error } = outcome;
    instance.world.trace.say(instance.name, () => {
      if (reason === 'timed-out') return `is ended at its timeout of ${timeoutMs / 1_000} s`;
      return reason === 'killed' ? 'ends in the middle of its work' : `throws ${errorText(error)}`;
    });
  }
}

/** The first line of an error, without a stack. */
function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error);
}
