import { contextNames } from '../../../schema/contexts.ts';
import type { ListQuestion } from '../history.ts';
import type { Act, Plan } from '../plan.ts';
import { afterDeployment } from './after-deployment.ts';
import { withSeenAnalysis } from './analyses.ts';
import { operationOf, send } from './client.ts';
import { readList } from './lists.ts';
import { orGiveUp } from './operator.ts';
import { askAboutPerson, liftHolds } from './persons.ts';
import { askPast, readRow } from './reader.ts';
import { carryOutRebuild, interfere, tidyUp } from './rebuild.ts';
import { catchUp, redrive } from './redrive.ts';
import { damageAndRepair, repair } from './repair.ts';
import { type KeptRecord, replay } from './replay.ts';
import { type OpenOperation, pause, type Surroundings } from './surroundings.ts';

/** Indexes are at most this far behind, in ms, when faults have ended. */
const indexMs = 1_000;

/** Metrics are in the parts of their lists after this time, in ms. */
const filedMs = 40 * 60_000;

/** Acts that may leave generations behind. */
const operated: ReadonlySet<Act['kind']> = new Set(['rebuild', 'catch-up', 'interfere']);

/** Everybody who acts in a history. */
export class People {
  readonly #around: Surroundings;
  readonly #acts: readonly Act[];
  readonly #accounts: readonly string[];
  /** The operations of acts, by the place of the act, and their places in the record. */
  readonly #operations = new Map<number, { readonly operation: OpenOperation; readonly place: number }>();
  readonly #unrepaired: Extract<Act, { kind: 'damage-and-repair' }>[] = [];
  #open = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(around: Surroundings, { acts }: Pick<Plan, 'acts'>) {
    this.#around = around;
    this.#acts = acts;
    this.#accounts = accountsIn(acts);
  }

  /** Begins: each act at its time. */
  start(): void {
    const { world } = this.#around;
    this.#acts.forEach((act, place) => {
      this.#open += 1;
      world.time.after(act.atMs - world.elapsedMs, () => this.#run(() => this.#carryOut(act, place)));
    });
  }

  /** Ends what is left of rebuilds and repairs. Call it when faults have ended and everybody is done; then wait until everybody is done again. */
  finish(): void {
    this.#open += 1;
    this.#run(async () => {
      await liftHolds(this.#around, this.#around.record.held);
      const hasRebuilt = await afterDeployment(this.#around);
      for (const act of this.#unrepaired) await repair(this.#around, act);
      const isOperated = hasRebuilt || this.#acts.some(({ kind }) => operated.has(kind));
      for (const readModel of isOperated ? contextNames : []) {
        await orGiveUp(this.#around, `tidying up ${readModel}`, () => tidyUp(this.#around, readModel));
      }
    });
  }

  /** Delivers again what consumers never got, because they were down for too long. */
  replay(kept: readonly KeptRecord[]): void {
    this.#open += 1;
    this.#run(() => replay(this.#around, kept));
  }

  /** If lists were read, reads all of them once more. Call it when everything has drained; then wait until everybody is done. */
  look(): void {
    const [last] = this.#acts.flatMap((act) => (act.kind === 'list' ? [act] : []));
    if (last === undefined) return;
    this.#open += 1;
    this.#run(async () => {
      // Queries use the parts of lists only when they have been filled for a while.
      const isLater = this.#around.world.random.of('the last look').chance(0.5);
      await pause(this.#around, isLater ? filedMs : indexMs);
      for (const question of everyList(last.limit, this.#accounts)) {
        await readList(this.#around, last.who, question, true);
      }
    });
  }

  /** True if every act has ended. Throws the error of an act that failed: a mistake in the simulation. */
  get areDone(): boolean {
    if (this.#failure) throw this.#failure.error;
    return this.#open === 0;
  }

  #run(work: () => Promise<void>): void {
    work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#open -= 1;
      });
  }

  async #carryOut(act: Act, place: number): Promise<void> {
    const around = this.#around;
    switch (act.kind) {
      case 'command':
        return this.#command(act, place);
      case 'again':
        return this.#again(act, place);
      case 'read':
        return readRow(around, act);
      case 'list':
        return this.#list(act);
      case 'person':
        return askAboutPerson(around, act);
      case 'ask-past':
        return askPast(around, act, this.#accounts);
      case 'rebuild':
        return carryOutRebuild(around, act, { isAlone: this.#isOperatorAlone });
      case 'interfere':
        return interfere(around, act);
      case 'repair':
        await repair(around, act);
        return;
      case 'sweep':
        await Promise.all(Array.from({ length: act.runs }, () => around.invoke('metrics-sweeper', {})));
        return;
      case 'redrive':
        return redrive(around);
      case 'catch-up':
        return catchUp(around);
      case 'damage-and-repair':
        if (!(await damageAndRepair(around, act))) this.#unrepaired.push(act);
        return;
      default:
        return act satisfies never;
    }
  }

  get #isOperatorAlone(): boolean {
    return this.#acts.filter(({ kind }) => operated.has(kind)).length === 1;
  }

  #list({ kind: _kind, atMs: _atMs, who, ...question }: Extract<Act, { kind: 'list' }>): Promise<void> {
    return readList(this.#around, who, question);
  }

  async #command(act: Extract<Act, { kind: 'command' }>, place: number): Promise<void> {
    const around = this.#around;
    const command = await withSeenAnalysis(around, act.command);
    const misused = act.misusesKeyOf === undefined ? undefined : this.#operations.get(act.misusesKeyOf);
    const operation = operationOf(around, { ...act, command }, misused?.place);
    this.#operations.set(place, { operation, place: around.record.begin(operation) });
    return send(around, operation, { ...act, random: this.#randomOf(act) });
  }

  /** Sends a command once more. An act that a shrunk plan no longer has is left out. */
  async #again({ act, atMs, who }: Extract<Act, { kind: 'again' }>, place: number): Promise<void> {
    const again = this.#operations.get(act);
    const of = this.#acts[act];
    if (again === undefined || of?.kind !== 'command' || act === place) return;
    const random = this.#around.world.random.of(`${who}/again at ${atMs}`);
    return send(this.#around, again.operation, { ...of, random });
  }

  /** Named by what the act is, not by its place: acts that are left out change nothing for the others. */
  #randomOf({ who, atMs, key, command }: Extract<Act, { kind: 'command' }>) {
    return this.#around.world.random.of(`${who}/${key ?? command.id} at ${atMs}`);
  }
}

/** A page of the API has 100 entries at most. */
function pageOf(limit: number): number {
  return Math.min(100, 10 * limit);
}

/** Questions that together show every list. */
function everyList(limit: number, accounts: readonly string[]): readonly ListQuestion[] {
  return [
    { list: 'accounts', limit },
    ...accounts.map((about) => ({ list: 'statement', about, limit: pageOf(limit) }) as const),
    ...(['metrics-by-name', 'metrics-by-deadline'] as const).flatMap((list) =>
      [undefined, ...metricStatuses].map((status) => ({ list, limit, ...(status && { status }) })),
    ),
    { list: 'todo', limit: pageOf(limit) },
    ...(['open', 'closed'] as const).map(
      (status) => ({ list: 'todo', limit: pageOf(limit), status }) as const,
    ),
  ];
}

const metricStatuses = ['untargeted', 'active', 'successful', 'expired', 'archived'] as const;

/** Every account that a command names. */
function accountsIn(acts: readonly Act[]): readonly string[] {
  const ids = new Set<string>();
  for (const act of acts) {
    if (act.kind !== 'command' || act.command.context !== 'ledger') continue;
    ids.add(act.command.id);
    if (act.command.do === 'transfer') ids.add(act.command.to);
  }
  return [...ids].toSorted();
}
