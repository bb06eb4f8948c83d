/** What the user is told of a receiver: one line when it does not work, and one when it works again, whatever the number of requests. */
export class Outage {
  readonly #url: string;
  readonly #output: { readonly warn: (line: string) => void; readonly say: (line: string) => void };
  readonly #failing = new Set<string>();

  constructor(url: string, output: { warn: (line: string) => void; say: (line: string) => void }) {
    this.#url = url;
    this.#output = output;
  }

  /** @param data `logs` or `metrics` */
  failed(data: string, reason: string): void {
    const isFirst = this.#failing.size === 0;
    this.#failing.add(data);
    if (!isFirst) return;
    const advice = new URL(this.#url).port === '4317' ? ' Port 4317 is usually for gRPC: try 4318.' : '';
    this.#output.warn(
      `The receiver at ${this.#url} does not take ${data} (${reason}).${advice} The functions go on. The newest log lines are sent when it answers.`,
    );
  }

  /** @param takeDroppedCount the number of log lines that were dropped since its last call */
  works(data: string, takeDroppedCount: () => number): void {
    if (!this.#failing.delete(data) || this.#failing.size > 0) return;
    const droppedCount = takeDroppedCount();
    this.#output.say(`The receiver at ${this.#url} works again.${droppedText(droppedCount)}`);
  }

  /** It will never take them. */
  unsupported(data: string, reason: string): void {
    this.#failing.delete(data);
    this.#output.say(`The receiver at ${this.#url} takes no ${data} (${reason}): they are not sent.`);
  }
}

function droppedText(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' One log line was dropped.' : ` ${count} log lines were dropped.`;
}
