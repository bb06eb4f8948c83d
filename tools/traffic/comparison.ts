import type { Aggregate } from './aggregate.ts';
import type { Api } from './api.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { ContextTypes, Members } from './context-types.ts';
import type { Counts } from './counts.ts';
import { differences, keyDifferences } from './differences.ts';
import type { ContextModel, LinesModel } from './model.ts';
import { membersOf } from './outcome.ts';
import { readList } from './pages.ts';
import { replay } from './replay.ts';
import type { ServerClock } from './server-clock.ts';

/** Aggregates compared at the same time. */
export const comparedAtOnce = 8;
/** Maximum items of a list, which also has aggregates of earlier runs. */
const listedMax = 10_000_000;
/** Maximum findings reported for one aggregate: more usually follow from the first. */
const findingsMax = 5;

export interface ComparisonOptions<C extends ContextTypes> {
  readonly model: ContextModel<C>;
  readonly api: Api;
  readonly clock: ServerClock;
  readonly aggregates: readonly Aggregate<C>[];
  /** Counts the rows by the status that they show. */
  readonly statuses: Counts;
  readonly onCompared: (done: number, total: number) => void;
}

/** Compares all that the API shows of the aggregates with a replay of what was acknowledged. */
export class Comparison<C extends ContextTypes> {
  /** Number of expected lines; complete after {@link run}. */
  lineCount = 0;
  readonly #options: ComparisonOptions<C>;
  readonly #states = new Map<string, C['State']>();
  readonly #sides = new Map<string, string[]>();

  constructor(options: ComparisonOptions<C>) {
    this.#options = options;
  }

  /** A sentence for each difference. */
  async run(): Promise<string[]> {
    const { model, aggregates, onCompared } = this.#options;
    const found: string[] = [];
    await forEachConcurrently(aggregates, comparedAtOnce, async (aggregate) => {
      const findings = await this.#compareAggregate(aggregate);
      const more = findings.length - findingsMax;
      if (more > 0) findings.splice(findingsMax, more, `${more} more differences`);
      found.push(...findings.map((finding) => `The ${model.noun} ${aggregate.id}: ${finding}.`));
      onCompared(this.#states.size, aggregates.length);
    });
    const listed = (await this.#compareList()).map((finding) => `The list of ${model.noun}s: ${finding}.`);
    return [...found, ...this.#incompletePairs(), ...listed];
  }

  async #compareAggregate(aggregate: Aggregate<C>): Promise<string[]> {
    const { model, api, clock, statuses } = this.#options;
    const { id } = aggregate;
    const shown = model.lines ? await this.#readLines(model.lines, aggregate) : { items: [], problems: [] };
    const { state, lines, findings } = replay(model, aggregate, shown.items);
    this.#states.set(id, state);
    this.lineCount += lines.length;

    const sentMs = clock.localMs();
    const { status, headers, body } = await api.send({ method: 'GET', path: `/${model.name}/${id}` });
    const now = clock.between(sentMs, clock.localMs());
    const row = membersOf(body);
    statuses.add(String(row['status']));
    const expected = { etag: `"${row['version']}"`, status: 200 };
    const wrong = [
      ...differences({ etag: withoutGeneration(headers['etag']), status }, expected),
      ...this.#rowDifferences(id, row, now),
    ];
    const wrongLines = model.lines ? this.#compareLines(id, model.lines, lines, shown.items) : [];
    return [...findings, ...shown.problems, ...wrong, ...wrongLines];
  }

  /** All lines, oldest first. */
  async #readLines({ path, newestFirst, of }: LinesModel<C>, { id, done, received, state }: Aggregate<C>) {
    const { model, api } = this.#options;
    const linesMax = received.length + done.flatMap((one) => of(one, state)).length;
    const { items, problems } = await readList(api, `/${model.name}/${id}/${path}`, linesMax);
    return { items: newestFirst ? items.reverse() : items, problems };
  }

  #rowDifferences(id: string, row: Members, now = this.#options.clock.now()): string[] {
    const state = this.#states.get(id);
    return state ? differences(row, { id, ...this.#options.model.row(state, now, row) }) : [];
  }

  #compareLines(id: string, model: LinesModel<C>, expected: Members[], shown: Members[]): string[] {
    const keyOf = (line: Members) => `${model.key} ${line[model.key]}`;
    const byKey = new Map(expected.map((line) => [keyOf(line), line]));
    const found = keyDifferences([...byKey.keys()], shown.map(keyOf), true);
    for (const line of shown) {
      const wrong = differences(line, byKey.get(keyOf(line)) ?? {});
      found.push(...wrong.map((difference) => `${keyOf(line)}: ${difference}`));
      const { pair, side } = model.pairOf?.(id, line) ?? {};
      if (pair && side) this.#sides.set(pair, [...(this.#sides.get(pair) ?? []), side]);
    }
    return found.map((finding) => `${model.path}: ${finding}`);
  }

  #incompletePairs(): string[] {
    return [...this.#sides].flatMap(([pair, sides]) => {
      const isComplete = sides.sort().join() === 'source,target';
      return isComplete ? [] : [`${pair} has the sides: ${sides.join(', ')}.`];
    });
  }

  async #compareList(): Promise<string[]> {
    const { model, api, aggregates } = this.#options;
    const { list } = model;
    const itemsMax = list ? aggregates.length : listedMax;
    // Without a filter, the list also shows aggregates of earlier runs.
    const isWanted = ({ id }: Members) => list !== undefined || this.#states.has(String(id));
    const { items, problems } = await readList(api, `/${model.name}`, itemsMax, list?.filter, isWanted);
    const keys = [...this.#states].map(([id, state]) => ({ id, key: list?.sortKey(state) ?? '' }));
    const expected = keys.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ id }) => id);
    const wrong = items.flatMap((row) => {
      const id = String(row['id']);
      return this.#rowDifferences(id, row).map((difference) => `${id}: ${difference}`);
    });
    const shown = items.map(({ id }) => String(id));
    return [...problems, ...wrong, ...keyDifferences(expected, shown, list !== undefined)];
  }
}

/** The version in an ETag of a row. After a rebuild, its generation follows: `"3-g2"`. */
function withoutGeneration(etag: unknown): unknown {
  return typeof etag === 'string' ? etag.replace(/^"(\d+)-g\d+"$/, '"$1"') : etag;
}
