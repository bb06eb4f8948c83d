import type { ContextName } from '../../../schema/contexts.ts';
import type {
  Attempt,
  CommandAnswer,
  FinalRow,
  Operation,
  PastAnswer,
  PersonCommand,
  ProgressNote,
  RecordedCommit,
  RecordedHistory,
  RowAnswer,
} from '../history.ts';
import { rulesOf } from './model/contexts.ts';
import { type ExpectedEvent, type PlacedEvent, type Rules, streamsOf } from './model/rules.ts';
import { concernsTodo, todoItems } from './model/todo.ts';

/** A history that a spec may change. */
export type Changeable<T> = { -readonly [Field in keyof T]: Changeable<T[Field]> };

/** What a spec spoils. */
export type History = Changeable<RecordedHistory>;

/** The value, which is there. */
export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The history is not what the spec expects.');
  return value;
}

const startMs = Date.parse('2026-03-01T10:00:00.000Z');

interface Asked {
  readonly who?: string;
  readonly key?: string;
  readonly misusesKeyOf?: number;
  readonly expectedVersion?: number;
  /** Lost answers before the one that arrives. */
  readonly lostAnswers?: number;
}

interface Stream {
  readonly rules: Rules<unknown>;
  state: unknown;
  version: number;
  readonly events: PlacedEvent[];
  readonly lines: { readonly key: string; readonly line: Readonly<Record<string, unknown>> }[];
}

/** Writes a history in which one command follows the other, by the rules of the checks. It has no fault. */
export class SequentialHistory {
  nowMs = startMs;
  readonly operations: Operation[] = [];
  readonly commits: RecordedCommit[] = [];
  readonly pasts: PastAnswer[] = [];
  readonly reads: RowAnswer[] = [];
  readonly progress: ProgressNote[] = [];
  readonly #streams = new Map<string, Stream>();

  /** Carries out a command, and returns the index of its operation. */
  do(command: PersonCommand, asked: Asked = {}): number {
    const { who = 'ann', lostAnswers = 0, ...rest } = asked;
    const index = this.operations.length;
    const rival = asked.misusesKeyOf === undefined ? undefined : this.operations[asked.misusesKeyOf];
    const commandId = rival?.commandId ?? `command-${index}`;
    const key = asked.key ?? rival?.key;
    const attempts: Attempt[] = [];
    for (let lost = 0; lost < lostAnswers; lost += 1) {
      const attempt = this.#attempt(command, commandId, asked);
      attempts.push({ ...attempt, answer: { outcome: 'unanswered', reason: 'connection lost' } });
    }
    attempts.push(this.#attempt(command, commandId, asked));
    const given = key === undefined ? {} : { key };
    this.operations.push({ who, command, ...rest, ...given, commandId, attempts });
    return index;
  }

  /** Sends the command once more, with its key. */
  again(index: number): void {
    const operation = this.operations[index] as Operation;
    const { command, commandId = '', expectedVersion } = operation;
    const attempt = this.#attempt(
      command,
      commandId,
      expectedVersion === undefined ? {} : { expectedVersion },
    );
    this.operations[index] = { ...operation, attempts: [...operation.attempts, attempt] };
  }

  /** What an automation appends. */
  react(name: string, ...events: readonly ExpectedEvent[]): void {
    this.#append([name], [events], `reaction-${this.commits.length}`, this.nowMs);
    this.nowMs += 20;
  }

  read(context: ContextName, id: string, isFresh = false): void {
    this.reads.push({ ...this.#asked(), context, id, isFresh, found: this.#row(context, id) });
  }

  /** Asks about the state now, or at an earlier version. Time passes first, so that the instant is over. */
  askPast(context: ContextName, id: string, version?: number): void {
    const at = this.#iso(this.nowMs);
    this.nowMs += 3_000;
    const stream = this.#streams.get(`${context}/${id}`);
    const found = version === undefined ? this.#row(context, id) : stream && this.#rowAt(stream, version);
    this.pasts.push({
      ...this.#asked(),
      context,
      id,
      point: version === undefined ? { at } : { version },
      found,
    });
  }

  /** Asks about all accounts at this instant, twice. */
  askAllAccounts(): void {
    const at = this.#iso(this.nowMs);
    this.nowMs += 3_000;
    const accounts = [...this.#streams.keys()].filter((name) => name.startsWith('ledger/'));
    for (let times = 0; times < 2; times += 1) {
      for (const name of accounts) {
        const id = name.slice('ledger/'.length);
        const found = this.#row('ledger', id);
        this.pasts.push({ ...this.#asked(), context: 'ledger', id, point: { at }, found });
      }
    }
  }

  /** A projector says that everything is handled. */
  noteProgress(): void {
    const handled = this.commits.map(({ stream, version, events }) => ({
      stream,
      lastVersion: version + events.length - 1,
    }));
    const rowVersions = handled.map(({ stream }) => this.#streams.get(stream)?.version ?? 0);
    this.progress.push({
      atMs: this.nowMs,
      consumer: 'ledger-projector',
      shardId: 's-1',
      handled,
      rowVersions,
    });
  }

  /** The history, which its owner may change. */
  recorded(generations: readonly string[] = ['g1']): History {
    const { operations, commits, pasts, reads, progress } = this;
    const rows = generations.flatMap((generation, index) => this.#finalRows(generation, index === 0));
    const written = (['ledger', 'metrics', 'dispense', 'todo'] as const).flatMap((context) =>
      generations.map((generation, index) => ({ context, generation, isActive: index === 0 })),
    );
    const all: RecordedHistory = {
      operations,
      commits,
      pasts,
      reads,
      progress,
      rows,
      generations: written,
      parked: [],
    };
    return structuredClone(all) as unknown as History;
  }

  #asked() {
    const askedMs = this.nowMs;
    this.nowMs += 10;
    return { askedMs, answeredMs: askedMs + 5 };
  }

  #iso(ms: number): string {
    return new Date(ms).toISOString();
  }

  #stream(name: string): Stream {
    const known = this.#streams.get(name);
    if (known) return known;
    const rules = rulesOf(name.slice(0, name.indexOf('/')));
    if (rules === undefined) throw new Error(`There are no rules for ${name}.`);
    return { rules, state: rules.initial, version: 0, events: [], lines: [] };
  }

  #attempt(command: PersonCommand, commandId: string, asked: Asked): Attempt {
    const sentMs = this.nowMs;
    const answer = this.#answer(command, commandId, asked);
    this.nowMs += 20;
    return { sentMs, endedMs: sentMs + 10, answer };
  }

  #answer(command: PersonCommand, commandId: string, { expectedVersion }: Asked): CommandAnswer {
    const names = streamsOf(command);
    const earlier = this.operations.find(
      (one) => one.commandId === commandId && streamsOf(one.command)[0] === names[0],
    );
    const made = this.commits.find((one) => one.commandId === commandId && one.stream === names[0]);
    if (made && earlier && JSON.stringify(earlier.command) !== JSON.stringify(command)) {
      return { outcome: 'failed', code: 'idempotency-key-reused' };
    }
    if (made) return this.#changed(made, true);
    const streams = names.map((name) => this.#stream(name));
    const [first] = streams;
    if (first === undefined) throw new Error('A command has a stream.');
    if (expectedVersion !== undefined && expectedVersion !== first.version) {
      return { outcome: 'failed', code: 'version-mismatch' };
    }
    const states = streams.map(({ state }) => state);
    const decided = first.rules.decide(states, command, this.#iso(this.nowMs));
    if ('refused' in decided) return { outcome: 'refused', code: decided.refused };
    const lists = decided.events.map((events) =>
      events.map((event) => asRecorded(event, command, commandId)),
    );
    if (lists.every(({ length }) => length === 0)) return unchanged(first.version);
    const [commit] = this.#append(names, lists, commandId, this.nowMs);
    return this.#changed(commit as RecordedCommit, false);
  }

  #changed({ stream, version, events, committedAt }: RecordedCommit, repeated: boolean): CommandAnswer {
    const { rules, events: all } = this.#stream(stream);
    const last = version + events.length - 1;
    const state = all.slice(0, last).reduce((before, event) => rules.evolve(before, event), rules.initial);
    const nowMs = Date.parse(committedAt) - 2;
    const body = firstOf(rules.answer(state, { earliestMs: nowMs, latestMs: nowMs }));
    return { outcome: 'changed', repeated, version: last, created: version === 1, body };
  }

  #append(
    names: readonly string[],
    lists: readonly (readonly ExpectedEvent[])[],
    commandId: string,
    nowMs: number,
  ): readonly RecordedCommit[] {
    const committedAt = this.#iso(nowMs + 2);
    const commits = names.map((stream, index): RecordedCommit => {
      const version = this.#stream(stream).version + 1;
      const events = (lists[index] ?? []).map(({ type, data }, place) => {
        return { id: `${stream}-${version + place}`, type, data };
      });
      const own = index === 0 ? commandId : `other of ${commandId}`;
      return { stream, version, commandId: own, committedAt, events, appendedMs: nowMs + 5 };
    });
    for (const commit of commits) this.#fold(commit);
    this.commits.push(...commits);
    return commits;
  }

  #fold({ stream: name, version, committedAt, events }: RecordedCommit): void {
    const stream = this.#stream(name);
    this.#streams.set(name, stream);
    for (const [index, { id, type, data }] of events.entries()) {
      const placed = { stream: name, version: version + index, id, type, data, committedAt } as PlacedEvent;
      stream.state = stream.rules.evolve(stream.state, placed);
      stream.version = placed.version;
      stream.events.push(placed);
      const line = stream.rules.line(stream.state, placed);
      if (line) stream.lines.push(line);
    }
  }

  #row(context: string, id: string) {
    const stream = this.#streams.get(`${context}/${id}`);
    return stream && this.#rowAt(stream, stream.version);
  }

  #rowAt({ rules, events }: Stream, version: number) {
    if (events.length < version) return undefined;
    const state = events
      .slice(0, version)
      .reduce((before, event) => rules.evolve(before, event), rules.initial);
    const now = { earliestMs: this.nowMs, latestMs: this.nowMs };
    return { version, row: firstOf(rules.row(state, {}, now)) };
  }

  #finalRows(generation: string, isActive: boolean): FinalRow[] {
    return [...this.#streams].flatMap(([name, { rules, state, version, lines, events }]) => {
      const slash = name.indexOf('/');
      const now = { earliestMs: this.nowMs, latestMs: this.nowMs };
      const row = firstOf(rules.row(state, { metric: {} }, now));
      const [context, id] = [name.slice(0, slash) as ContextName, name.slice(slash + 1)];
      const own = { context, generation, isActive, id, version, row, lines, folded: { version, row, lines } };
      const concerned = events.findLast(concernsTodo);
      if (concerned === undefined) return [own];
      const commit = this.commits.findLast((one) => one.stream === name && one.version <= concerned.version);
      const last = must(commit).version + must(commit).events.length - 1;
      const items = { version: last, row: {}, lines: todoItems(name, events) };
      return [own, { context: 'todo', generation, isActive, id: name, ...items, folded: items }];
    });
  }
}

function unchanged(version: number): CommandAnswer {
  return { outcome: 'unchanged', repeated: false, version, created: false, body: {} };
}

/** The event of a command, with the data that the rules leave open. */
function asRecorded({ type, data }: ExpectedEvent, command: PersonCommand, commandId: string): ExpectedEvent {
  if (command.do === 'transfer') return { type, data: { ...data, transferId: `transfer-${commandId}` } };
  if (command.do === 'add-drugs')
    return { type, data: { ...data, drugs: command.drugs.map((name) => ({ name })) } };
  if (command.do === 'upload' || command.do === 'add-page')
    return { type, data: { ...data, key: `key-${commandId}`, sha256: command.document } };
  return { type, data };
}

function firstOf(permitted: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(permitted)
      .filter(([, [value]]) => value !== undefined)
      .map(([field, [value]]) => [field, value]),
  );
}
