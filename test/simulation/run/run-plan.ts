import { commandIdOfKey, defaultTenant } from '../../../lambdas/kernel/index.ts';
import type { ContextName } from '../../../schema/contexts.ts';
import { checkHistory } from '../checks/check-history.ts';
import { Delivery } from '../delivery/delivery.ts';
import { Lambda } from '../delivery/lambda.ts';
import { Schedules } from '../delivery/schedules.ts';
import { workQueues } from '../delivery/settings.ts';
import type { Finding, NewerCode, Operation, RecordedHistory } from '../history.ts';
import { People } from '../people/people.ts';
import { PeopleRecord } from '../people/record.ts';
import { startVandals } from '../people/vandals.ts';
import type { Plan } from '../plan.ts';
import { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import { SimulatedKinesis } from '../services/kinesis.ts';
import { SimulatedKms } from '../services/kms.ts';
import { LogStream } from '../services/log-stream.ts';
import { SimulatedQueues } from '../services/queues.ts';
import { composer } from '../system/compose.ts';
import type { Documents } from '../system/documents.ts';
import { settleMs as rebuilderSettleMs } from '../system/rebuilder.ts';
import {
  environmentOf,
  eventLogName,
  eventStreamResource,
  simulatedTables,
  waitingName,
} from '../system/tables.ts';
import { type Deployment, deployedMs, nextFromMs, oldGoneMs } from '../world/deployment.ts';
import { type Fault, functionNames } from '../world/faults.ts';
import { leavingOut } from '../world/partial-batches.ts';
import { startMs, World } from '../world/world.ts';
import { BegunBatches } from './begun-batches.ts';
import { Damage } from './damage.ts';
import { type FinalReadModels, finalReadModels, parkedItems } from './final-rows.ts';
import { KeyHistory } from './key-history.ts';
import { type LongStream, longStream } from './long-stream.ts';
import type { Outcome, RunOptions } from './outcome.ts';
import { PersonalRecorder } from './personal-data.ts';
import { StoreRecorder } from './recorder.ts';

/** With faults off, everything must have drained after this time, in ms. Messages that failed come again after six minutes. */
const drainMaxMs = 2 * 3_600_000;
/** What fails again after it was moved back so often never succeeds. */
const drainRounds = 4;
/** Indexes follow their tables within this time, in ms. */
const indexMs = 1_000;
/** Nobody acts for longer than this, in ms. */
const actingMaxMs = 60 * 3_600_000;

/** Carries out a plan in simulated time, and judges what happened. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<Outcome> {
  const before = await longStream(plan.options.longStreamEvents);
  return new Run(plan, options, before).outcome();
}

/** One history. */
class Run {
  readonly #plan: Plan;
  readonly #before: LongStream;
  readonly #dynamodb: SimulatedDynamoDB;
  readonly #kinesis: SimulatedKinesis;
  readonly #kms = new SimulatedKms();
  readonly #keys = new KeyHistory(this.#kms);
  readonly #personal = new PersonalRecorder();
  readonly #documents: Documents = new Map();
  readonly #world: World;
  readonly #lambda: Lambda;
  readonly #delivery: Delivery;
  readonly #schedules: Schedules;
  readonly #people: People;
  readonly #seen = new PeopleRecord();
  readonly #stored: StoreRecorder;
  readonly #deployment: Deployment | undefined;
  readonly #queues: SimulatedQueues;
  #sweptMs: number | undefined;
  #replayed = 0;

  constructor(plan: Plan, { isTraced }: RunOptions, before: LongStream) {
    const { seed, faults, options } = plan;
    this.#plan = plan;
    this.#before = before;
    this.#dynamodb = new SimulatedDynamoDB(simulatedTables, { pageMaxBytes: options.pageBytes });
    const logStream = new LogStream({ table: eventLogName, shards: options.shards });
    this.#kinesis = new SimulatedKinesis({ streamName: eventStreamResource, shards: options.shards });
    const queues = new SimulatedQueues(workQueues);
    this.#queues = queues;
    for (const queue of queues.all)
      queue.onSend(({ body }) => this.#personal.noteText(`The queue ${queue.name}`, body));
    const services = {
      dynamodb: leavingOut(this.#dynamodb),
      kinesis: this.#kinesis,
      sqs: queues,
      kms: this.#kms,
    };
    this.#world = new World({ seed, faults, isTraced, services });
    this.#deployment = plan.faults.find((fault) => fault.kind === 'rolling-deploy');
    const begun = options.projectorsPerShard > 1 ? new BegunBatches() : undefined;
    this.#stored = new StoreRecorder(this.#dynamodb, this.#kinesis, {
      isGivenUp: (consumer, place) =>
        this.#delivery.givenUp.some((one) => one.consumer === consumer && one.place === place),
      begun,
    });
    this.#dynamodb.onChange = (change) => {
      this.#stored.onChange(change);
      this.#keys.onChange(change);
      this.#personal.onChange(change);
      logStream.onChange(change);
    };
    const compose = composer(environmentOf(options), {
      documents: this.#documents,
      onProject: (consumer, numbers) => begun?.begin(consumer, numbers),
    });
    this.#lambda = new Lambda({
      world: this.#world,
      compose: Object.fromEntries(functionNames.map((name) => [name, compose])),
      maxInstances: { api: options.apiInstances },
    });
    this.#delivery = new Delivery({
      world: this.#world,
      lambda: this.#lambda,
      logStream,
      kinesis: this.#kinesis,
      queues: this.#queues,
      projectorsPerShard: options.projectorsPerShard,
      eventFilters: options.eventFilters,
    });
    this.#schedules = new Schedules(this.#world, this.#lambda);
    const damage = new Damage(this.#dynamodb, this.#world);
    startVandals(this.#world, damage.tables);
    this.#people = new People(
      {
        world: this.#world,
        invoke: (name, event) => this.#lambda.invoke(name, event),
        record: this.#seen,
        commandIdOf: (key) => commandIdOfKey({ tenant: defaultTenant, caller: undefined }, key),
        settleMs: rebuilderSettleMs,
        oldCodeGoneMs: this.#deployment && deployedMs(this.#deployment) + oldGoneMs,
        damageRow: (readModel, id) => damage.damageRow(readModel, id),
      },
      plan,
    );
  }

  async outcome(): Promise<Outcome> {
    const { time, faults, trace } = this.#world;
    for (const item of this.#before.items) {
      this.#dynamodb.put(eventLogName, item, Date.parse(item['committedAt']?.S ?? ''));
    }
    this.#people.start();
    this.#schedules.start();
    const endMs = faultsEndMs(this.#plan);
    await this.#until(() => this.#world.elapsedMs >= endMs && this.#people.areDone, actingMaxMs);
    const hasActed = this.#people.areDone;
    trace.say('the world', () => 'has no faults any more');
    faults.end();
    this.#delivery.recheck();
    this.#people.finish();
    const drained = (await this.#drain(latestMs(this.#plan))) && (await this.#endAutomations());
    if (drained) {
      this.#people.look();
      await this.#until(() => this.#people.areDone, drainMaxMs);
    }
    this.#schedules.stop();
    const isDrained =
      drained && (await this.#until(() => this.#isDrained && this.#schedules.isDrained, drainMaxMs));
    const history = this.#history();
    const waiting = isDrained ? undefined : this.#describe();
    return {
      findings: [
        ...livenessFindings(
          // Health would show a delay that never ends.
          { hasActed, waiting, unfinished: isDrained ? this.#stored.unfinished() : [] },
          time.nowMs,
        ),
        ...checkHistory(history),
      ],
      isDrained,
      waiting,
      trace: trace.lines,
      struck: faults.struck,
      counts: {
        commands: history.operations.length,
        commits: history.commits.length,
        events: history.commits.reduce((sum, { events }) => sum + events.length, 0),
        simulatedMs: this.#world.elapsedMs,
      },
    };
  }

  /** Waits until everything has drained. Moves dead letters back, and replays what was given up, as the runbook asks for. False: something stays. */
  async #drain(moreMs: number): Promise<boolean> {
    for (let round = 1; ; round += 1) {
      if (!(await this.#until(() => this.#isDrained, drainMaxMs + moreMs))) return false;
      const isRepaired = !this.#moveBack() && !this.#replay();
      if (isRepaired || round === drainRounds) return true;
    }
  }

  /** False: there is nothing to move back. */
  #moveBack(): boolean {
    const dead = this.#delivery.deadLetters.length;
    if (dead === 0) return false;
    this.#world.trace.say('the operator', () => `moves ${dead} messages back`);
    for (const queue of this.#queues.all) queue.moveBack(this.#world.time.nowMs);
    return true;
  }

  /** False: there is nothing to replay. */
  #replay(): boolean {
    const kept = this.#delivery.givenUp.slice(this.#replayed);
    this.#replayed += kept.length;
    if (kept.length > 0) this.#people.replay(kept);
    return kept.length > 0;
  }

  /** One more sweep, when the indexes are up to date: every deadline that has passed must be noticed then. False: something stays. */
  async #endAutomations(): Promise<boolean> {
    const { time } = this.#world;
    let isSwept = false;
    time.after(indexMs, () => {
      this.#sweptMs = time.nowMs;
      this.#lambda
        .invoke('metrics-sweeper', {}, () => 'the last event of its schedule')
        .then(() => {
          isSwept = true;
        });
    });
    return (await this.#until(() => isSwept, drainMaxMs)) && this.#drain(0);
  }

  /** False if it is not met in time, or if nothing happens any more. */
  async #until(isMet: () => boolean, maxMs: number): Promise<boolean> {
    const { time } = this.#world;
    const endMs = time.nowMs + maxMs;
    await time.run(() => isMet() || time.nowMs > endMs);
    return isMet();
  }

  get #isDrained(): boolean {
    return (
      this.#people.areDone &&
      this.#delivery.isDrained &&
      this.#lambda.busy.length === 0 &&
      this.#dynamodb.items(waitingName).length === 0
    );
  }

  #describe(): string {
    const waiting = this.#dynamodb.items(waitingName).length;
    return [
      ...(this.#people.areDone ? [] : ['Somebody still acts.']),
      ...this.#delivery.describe(),
      ...this.#lambda.busy.map((name) => `${name} is running.`),
      ...(waiting > 0 ? [`${waiting} commits wait for a destination.`] : []),
    ].join(' ');
  }

  /** Those before the history come first, so the places that operations name are later. */
  #operations(): Operation[] {
    const { operations } = this.#before;
    const later = this.#seen.operations.map((operation) => ({
      ...operation,
      ...(operation.misusesKeyOf !== undefined && {
        misusesKeyOf: operation.misusesKeyOf + operations.length,
      }),
    }));
    return [...operations, ...later];
  }

  /** True if a row was damaged while somebody read it, or one of its context: the answer proves nothing. */
  #isDamaged(
    context: ContextName,
    { askedMs, answeredMs }: { readonly askedMs: number; readonly answeredMs: number },
    id?: string,
  ): boolean {
    return this.#seen.damages.some(
      (damaged) =>
        damaged.readModel === context &&
        (id === undefined || damaged.id === id) &&
        answeredMs >= damaged.fromMs &&
        askedMs <= (damaged.untilMs ?? Number.POSITIVE_INFINITY),
    );
  }

  #history(): RecordedHistory {
    const operations = this.#operations();
    return {
      operations,
      commits: this.#keys.plainCommits(this.#stored.commits, operations),
      personal: this.#personal.end(this.#stored.commits, {
        ...{ dynamodb: this.#dynamodb, kinesis: this.#kinesis, keys: this.#keys },
        ...{ documents: [...this.#documents.keys()], requests: this.#seen.persons },
      }),
      pasts: this.#seen.pasts,
      reads: this.#seen.reads.filter((read) => !this.#isDamaged(read.context, read, read.id)),
      deadLetters: this.#delivery.deadLetters.map(({ queue, message }) => `${queue}: ${message.id}`),
      ...(this.#sweptMs !== undefined && { sweptMs: this.#sweptMs }),
      lists: this.#seen.lists.filter((answer) => {
        if (answer.list === 'statement') return !this.#isDamaged('ledger', answer, answer.about);
        return answer.list === 'accounts' || answer.list === 'todo' || !this.#isDamaged('metrics', answer);
      }),
      progress: this.#stored.progress,
      ...this.#readModels(),
      parked: parkedItems(this.#dynamodb),
      undos: this.#seen.undos,
      parkings: this.#stored.parkings,
      failures: this.#seen.failures,
      ...(this.#deployment && { newerCode: newerCodeOf(this.#deployment) }),
    };
  }

  /** After a deployment, a generation is of newer code alone if it was begun when no earlier code ran any more. */
  #readModels(): FinalReadModels {
    const newer = this.#deployment && newerCodeOf(this.#deployment);
    const isOld = (context: ContextName, generation: string) => {
      const begunMs = this.#stored.begun.get(`${context} ${generation}`) ?? 0;
      return newer !== undefined && begunMs < newer.oldUntilMs;
    };
    const version = newer === undefined ? 'current' : 'next';
    const { rows, items } = finalReadModels(this.#dynamodb, version, isOld);
    return { rows: rows.map((row) => this.#keys.plainRow(row)), items };
  }
}

function endOf(fault: Fault): number {
  if (fault.kind === 'rolling-deploy') return deployedMs(fault);
  return fault.fromMs + ('forMs' in fault ? fault.forMs : 0);
}

function newerCodeOf(deployment: Deployment): NewerCode {
  const oldUntilMs = startMs + deployedMs(deployment) + oldGoneMs;
  return { fromMs: startMs + nextFromMs(deployment), oldUntilMs, isReadBefore: deployment.readersFirst };
}

/** When the last fault of a plan ends, in ms after the start. */
function faultsEndMs({ faults }: Plan): number {
  return faults.reduce((latest, fault) => Math.max(latest, endOf(fault)), 0);
}

/** What was delivered late while faults lasted may come this long after that, in ms. */
function latestMs({ faults }: Plan): number {
  return Math.max(0, ...faults.map((fault) => ('lateMs' in fault ? fault.lateMs : 0)));
}

interface Leftovers {
  readonly hasActed: boolean;
  readonly waiting: string | undefined;
  readonly unfinished: readonly string[];
}

function livenessFindings({ hasActed, waiting, unfinished }: Leftovers, atMs: number): Finding[] {
  const check = 'with faults off, everything drains';
  return [
    ...(hasActed ? [] : [{ check, atMs, text: 'People did not end what they began.' }]),
    ...(waiting === undefined ? [] : [{ check, atMs, text: `Long after the last fault: ${waiting}` }]),
    ...unfinished.map((text) => ({ check, atMs, text })),
  ];
}
