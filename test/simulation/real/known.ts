import type { PersonCommand } from '../history.ts';
import type { RunningOperation } from './recorder.ts';

type Context = PersonCommand['context'];

/** What the people of a run know of the streams: it decides what they ask for, and nothing that is checked. */
export class Known {
  readonly #ids: Readonly<Record<Context, Set<string>>>;
  readonly #versions = new Map<string, number>();
  readonly #ended = new Set<string>();

  /** `accounts`: ids that people use from the start. Their first credit opens them. */
  constructor(accounts: readonly string[]) {
    this.#ids = { ledger: new Set(accounts), metrics: new Set(), dispense: new Set() };
  }

  /** The ids of a context, of ended streams too. */
  ids(context: Context): readonly string[] {
    return [...this.#ids[context]];
  }

  /** The ids of streams that have not ended, as far as known. */
  live(context: Context): readonly string[] {
    return this.ids(context).filter((id) => !this.#ended.has(`${context}/${id}`));
  }

  /** The newest version that somebody was answered; 0: none. */
  version(context: Context, id: string): number {
    return this.#versions.get(`${context}/${id}`) ?? 0;
  }

  /** Learns from the answers to an operation. */
  note({ command, attempts }: RunningOperation): void {
    const { context, id } = command;
    const stream = `${context}/${id}`;
    for (const { answer } of attempts) {
      if (answer.outcome !== 'changed') continue;
      this.#ids[context].add(id);
      this.#versions.set(stream, Math.max(answer.version, this.version(context, id)));
      if (endings.has(command.do)) this.#ended.add(stream);
    }
  }
}

const endings: ReadonlySet<PersonCommand['do']> = new Set(['close', 'archive', 'complete', 'cancel']);
