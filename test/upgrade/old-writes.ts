import { until } from '../support/until.ts';
import { type Asked, askEverything, type Exchange, fresh } from './asked.ts';
import type { ApiRequest } from './direct-api.ts';
import type { RunningSystem } from './running-system.ts';

/** What the old system answered. */
export interface OldAnswers extends Asked {
  /** Commands, each with its own idempotency key. */
  readonly commands: readonly Exchange[];
}

/** The parts of the old system that do not run while something is written. */
export type Phase =
  | 'all run'
  | 'the publisher fails'
  | 'the metrics projector fails'
  | 'no consumer runs'
  | 'nothing runs';

/** Where the old system writes: in each phase, other parts of it run. */
export type InPhase = (phase: Phase, write: (system: RunningSystem) => Promise<void>) => Promise<void>;

const drug = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: 'One a day',
};
const prescription = 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days\n';
const farDeadline = '2099-12-31T23:59:59.000Z';
/** Long enough to be set, short enough to wait for. */
const soonMs = 1_500;
const queueDeadlineMs = 30_000;

/** Commands to the old system. Each has an idempotency key, and is remembered with its answer. */
class OldCommands {
  readonly exchanges: Exchange[] = [];
  system: RunningSystem | undefined;

  /** Sends a command and returns the id of its aggregate. Throws if it is refused. */
  async send(path: string, body: ApiRequest['body'], caller?: string): Promise<string> {
    const request: ApiRequest = {
      method: typeof body === 'string' ? 'PUT' : 'POST',
      path,
      headers: { 'idempotency-key': `old-${this.exchanges.length}` },
      ...(body !== undefined && { body }),
      ...(caller !== undefined && { caller }),
    };
    if (this.system === undefined) throw new Error('The old system does not run.');
    const answer = await this.system.call(request);
    if (answer.status > 201)
      throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    this.exchanges.push({ request, answer });
    return (answer.body as { id: string }).id;
  }
}

/**
 * Writes events of every type, and leaves commits at each place of the way from the log to the rows: handled, not yet
 * handled, given up, parked. Returns what the old system answered.
 */
export async function writeEverywhere(inPhase: InPhase): Promise<OldAnswers> {
  const old = new OldCommands();
  const write = (phase: Phase, run: (system: RunningSystem) => Promise<void>) =>
    inPhase(phase, async (system) => {
      old.system = system;
      await run(system);
    });
  let accounts: Accounts;
  let metrics: Metrics;
  let dispenses: Dispenses;
  let asked: Asked = { past: [], pages: [] };

  await write('all run', async (system) => {
    accounts = await writeAccounts(old);
    metrics = await writeMetrics(old, system);
    dispenses = await writeDispenses(old, system);
    // These are parked with their text.
    await system.putRecord('unreadable', 'not a commit');
    await system.sendMessage('TodoQueue', 'not a commit');
    await untilParked(system, 4);
    await untilQuiet(system);
  });

  await write('the publisher fails', async (system) => {
    await old.send('/metrics', { name: 'Given up' });
    await untilGivenUp(system, 1);
  });

  await write('the metrics projector fails', async (system) => {
    await old.send('/metrics', { name: 'Given up by its projector' });
    await untilGivenUp(system, 2);
    // A message that is being handled when the process is killed comes back minutes later.
    await untilQueuesAreEmpty(system);
  });

  await write('no consumer runs', async (system) => {
    await old.send(`/ledger/${accounts.main}/credits`, { amount: 7 });
    await old.send(`/ledger/${accounts.overdrawn}/debits`, { amount: 30 }, 'alice');
    await old.send(`/metrics/${metrics.reached}/values`, { value: 120 });
    await old.send('/metrics', { name: 'Waits in the queue' });
    await old.send(`/dispenses/${dispenses.started}/patient`, {
      name: 'Jane Sample',
      birthDate: '1980-02-29',
    });
    await old.send(`/dispenses/${dispenses.empty}/prescription`, prescription);
    await untilPublished(system);
    await park(system, 'ledger', `ledger/${accounts.main}`);
    await until(
      () => system.messageCount('TodoQueue'),
      (count) => count > 0,
    );
    const [message = ''] = await system.takeMessages('TodoQueue', 1);
    await system.sendMessage('TodoQueueFailures', message);
  });

  await write('nothing runs', async (system) => {
    await old.send(`/ledger/${accounts.savings}/credits`, { amount: 9 }, 'alice');
    await old.send(`/ledger/${accounts.main}/transfers`, { to: accounts.savings, amount: 2 }, 'bob');
    await old.send(`/dispenses/${dispenses.started}/drugs`, { drugs: [drug] });
    const due = await old.send('/metrics', { name: 'Due' });
    await old.send(`/metrics/${due}/targets`, { value: 1, deadline: soon() });
    await untilExpired(system, due);
    asked = await askEverything(system);
  });
  return { commands: old.exchanges, ...asked };
}

interface Accounts {
  readonly main: string;
  readonly savings: string;
  readonly overdrawn: string;
}

async function writeAccounts(old: OldCommands): Promise<Accounts> {
  const main = await old.send('/ledger', { currency: 'EUR', name: 'Household' });
  const savings = await old.send('/ledger', { currency: 'EUR', name: 'Savings' }, 'alice');
  await old.send('/ledger/by-credit/credits', { amount: 3, currency: 'JPY' });
  for (let amount = 1; amount <= 12; amount += 1) {
    await old.send(`/ledger/${main}/credits`, { amount }, amount % 2 === 0 ? 'alice' : undefined);
  }
  await old.send(`/ledger/${main}/debits`, { amount: '2.50' });
  await old.send(`/ledger/${main}/transfers`, { to: savings, amount: 20 });
  await old.send(`/ledger/${savings}/transfers`, { to: main, amount: 1 }, 'alice');
  const overdrawn = await old.send('/ledger', { currency: 'EUR', overdraftLimit: 50 }, 'alice');
  await old.send(`/ledger/${overdrawn}/debits`, { amount: 20 }, 'alice');
  await old.send('/ledger/settled/credits', { amount: 1 });
  await old.send('/ledger/settled/debits', { amount: 1 });
  await old.send('/ledger/settled/close', {});
  return { main, savings, overdrawn };
}

interface Metrics {
  readonly reached: string;
}

async function writeMetrics(old: OldCommands, system: RunningSystem): Promise<Metrics> {
  const expiring = await old.send('/metrics', { name: 'Orders' });
  await old.send(`/metrics/${expiring}/targets`, { value: 5, deadline: soon() });
  const reached = await old.send('/metrics', { name: 'Sign-ups', unit: 'people' }, 'alice');
  await old.send(`/metrics/${reached}/targets`, { value: 100, deadline: farDeadline });
  await old.send(`/metrics/${reached}/values`, [{ value: 40 }, { value: 70 }, { value: 100 }], 'alice');
  const falling = await old.send('/metrics', { name: 'Straße ΣΟΦΟΣ', description: 'Two\nlines' });
  await old.send(`/metrics/${falling}/targets`, { value: 10, deadline: farDeadline, direction: 'at-most' });
  await old.send(`/metrics/${falling}/values`, { value: 15.25 });
  const archived = await old.send('/metrics', { name: 'Visitors' });
  await old.send(`/metrics/${archived}/archive`, {});
  await old.send('/metrics', { name: 'Nothing but a name' });
  await until(
    async () => {
      await system.invoke('metrics-sweeper', {});
      return system.call({ method: 'GET', path: `/streams/metrics/${expiring}` });
    },
    ({ body }) => JSON.stringify(body).includes('Metric:Expired'),
  );
  return { reached };
}

interface Dispenses {
  readonly started: string;
  readonly empty: string;
}

async function writeDispenses(old: OldCommands, system: RunningSystem): Promise<Dispenses> {
  const [complete, unreadable, cancelled, started, empty] = [
    await old.send('/dispenses', undefined),
    await old.send('/dispenses', undefined, 'alice'),
    await old.send('/dispenses', undefined),
    await old.send('/dispenses', undefined),
    await old.send('/dispenses', undefined, 'bob'),
  ];
  await old.send(`/dispenses/${complete}/prescription`, prescription);
  await old.send(`/dispenses/${unreadable}/prescription`, 'Nobody can read this.\n');
  for (const id of [complete, unreadable]) {
    await until(
      () => system.call({ method: 'GET', path: `/dispenses/${id}`, headers: fresh }),
      ({ body }) => (body as { state: string }).state === 'ready',
    );
  }
  await old.send(`/dispenses/${complete}/patient`, {
    name: 'Zebediah Quill',
    birthDate: '1980-02-29',
    identifier: 'Q-1',
  });
  await old.send(`/dispenses/${complete}/drugs`, { drugs: [drug] });
  await old.send(`/dispenses/${complete}/complete`, {});
  await old.send(`/dispenses/${cancelled}/cancel`, { reason: 'Entered twice' });
  return { started, empty };
}

function soon(): string {
  return new Date(Date.now() + soonMs).toISOString();
}

/** Parks a stream at its version of now, as the runbook describes. */
async function park(system: RunningSystem, consumer: string, subject: string): Promise<void> {
  const { body } = await system.call({ method: 'GET', path: `/streams/${subject}?limit=100` });
  const version = (body as { items: readonly unknown[] }).items.length;
  await system.putItem('ControlParked', {
    consumer: { S: consumer },
    subject: { S: subject },
    version: { N: String(version) },
    reason: { S: 'by hand' },
    parkedAt: { S: new Date().toISOString() },
  });
}

/** Waits until a deadline has passed. It changes the answers about a metric. */
async function untilExpired(system: RunningSystem, id: string): Promise<void> {
  await until(
    () => system.call({ method: 'GET', path: `/metrics/${id}`, headers: fresh }),
    ({ body }) => (body as { status: string }).status === 'expired',
  );
}

/** Waits until the failure bucket has this many objects: one for each commit that was given up. */
async function untilGivenUp(system: RunningSystem, count: number): Promise<void> {
  await until(
    () => system.objects('FailuresBucket'),
    (objects) => objects.length >= count,
  );
}

/** Waits until this many records are parked. */
async function untilParked(system: RunningSystem, count: number): Promise<void> {
  await until(
    () => system.items('ControlParked'),
    (items) => items.length === count,
  );
}

interface Health {
  readonly publisher: { readonly behindMs: number };
  readonly projectors: readonly { readonly behindMs: number }[];
}

async function healthOf(system: RunningSystem): Promise<Health> {
  return (await system.call({ method: 'GET', path: '/health' })).body as Health;
}

/** Waits until everything that this process of the API has appended is published. */
async function untilPublished(system: RunningSystem): Promise<void> {
  await until(
    () => healthOf(system),
    ({ publisher }) => publisher.behindMs === 0,
  );
}

/** Waits until every commit is projected and every message is handled. */
async function untilQuiet(system: RunningSystem): Promise<void> {
  await untilPublished(system);
  await until(
    () => healthOf(system),
    ({ projectors }) => projectors.every(({ behindMs }) => behindMs === 0),
  );
  await untilQueuesAreEmpty(system);
}

/** Waits until every message of the work queues is handled. */
export async function untilQueuesAreEmpty(system: RunningSystem): Promise<void> {
  for (const queue of ['TodoQueue', 'AnalysisQueue']) {
    await until(
      () => system.messageCount(queue),
      (count) => count === 0,
      queueDeadlineMs,
    );
  }
}
