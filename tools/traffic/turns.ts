/** Tells whether commands on the same aggregate came in between. */
export class Turns {
  #running = 0;
  #begun = 0;

  /**
   * Marks that a command begins; call what it returns when the command's outcome is known. True: no other was under way
   * meanwhile, so that the outcome had to be the one that the books foretold.
   */
  begin(): () => boolean {
    const wasQuiet = this.#running === 0;
    this.#running += 1;
    this.#begun += 1;
    const turn = this.#begun;
    return () => {
      this.#running -= 1;
      return wasQuiet && this.#begun === turn;
    };
  }

  /** As {@link begin} for a read, which disturbs no one. */
  watch(): () => boolean {
    const wasQuiet = this.#running === 0;
    const turn = this.#begun;
    return () => wasQuiet && this.#begun === turn;
  }
}
