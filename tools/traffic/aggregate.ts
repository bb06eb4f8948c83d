import type { ContextTypes, Done } from './context-types.ts';

/** What the run knows of one aggregate, from acknowledged commands alone. */
export class Aggregate<C extends ContextTypes> {
  /** Empty until the server has chosen it. */
  id: string;
  readonly index: number;
  /** The state before the first command. */
  initial: C['State'];
  /** The state that follows from the answers so far. */
  state: C['State'];
  /** In the order of the answers. */
  readonly done: Done<C>[] = [];
  /** Commands that were sent to another aggregate and changed this one. */
  readonly received: C['Command'][] = [];
  /** A command that ends the life of the aggregate was sent. */
  isEnding = false;
  #numbers = 0;
  #running = 0;
  #started = 0;

  constructor(id: string, index: number, initial: C['State']) {
    this.id = id;
    this.index = index;
    this.initial = initial;
    this.state = initial;
  }

  /** A number that this aggregate has not returned before. */
  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  /** Marks a command as running. Call the result at its end: it returns true if no other command overlapped. */
  start(): () => boolean {
    this.#started += 1;
    const wasAlone = this.watch();
    this.#running += 1;
    return () => {
      this.#running -= 1;
      return wasAlone();
    };
  }

  /** Call the result later: it returns true if no command has run since. */
  watch(): () => boolean {
    const [wasIdle, started] = [this.#running === 0, this.#started];
    return () => wasIdle && this.#started === started;
  }
}
