import { randomUUID } from 'node:crypto';
import { until } from './until.ts';

/** The answer to a request of a sample. */
export interface SampleAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is sent for an operation. A text is sent as plain text, and an object as JSON. */
export interface Sample {
  readonly path: string;
  readonly body?: object | string;
}

/** Sends a request as the caller who owns the data of the sample. The caller has all scopes. */
export type SendAsOwner = (method: string, path: string, body?: object | string) => Promise<SampleAnswer>;

type Prepare = (send: SendAsOwner) => Promise<Sample>;

const account = { currency: 'USD', overdraftLimit: 100 };
const patient = { name: 'Jane Sample', birthDate: '1980-02-29' };
const drugs = [{ name: 'Amoxicillin', strength: '1 mg', form: 'capsule', quantity: 1, directions: 'Daily' }];
const prescription = 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days\n';

/**
 * By operation: data of its own, and a valid request about it. The owner's request succeeds. Each call prepares new data, so that
 * requests do not affect each other.
 */
export const accessSamples: Readonly<Record<string, Prepare>> = {
  openAccount: async () => ({ path: '/ledger', body: { currency: 'USD' } }),
  listAccounts: listed('/ledger', account),
  getAccount: about('/ledger', account, ''),
  listEntries: recorded('/ledger', account, '/credits', { amount: 1 }, '/entries'),
  creditAccount: about('/ledger', account, '/credits', { amount: 1 }),
  debitAccount: about('/ledger', account, '/debits', { amount: 1 }),
  closeAccount: about('/ledger', account, '/close', {}),
  transfer: async (send) => {
    const [from, to] = [await created(send, '/ledger', account), await created(send, '/ledger', account)];
    return { path: `/ledger/${from}/transfers`, body: { to, amount: 1 } };
  },
  createMetric: async () => ({ path: '/metrics', body: { name: 'Orders' } }),
  listMetrics: listed('/metrics', { name: 'Orders' }),
  getMetric: about('/metrics', { name: 'Orders' }, ''),
  readHistory: recorded('/metrics', { name: 'Orders' }, '/values', { value: 1 }, '/history'),
  setTarget: about('/metrics', { name: 'Orders' }, '/targets', {
    value: 1,
    deadline: '2999-01-01T00:00:00Z',
  }),
  recordValues: about('/metrics', { name: 'Orders' }, '/values', { value: 1 }),
  archiveMetric: about('/metrics', { name: 'Orders' }, '/archive', {}),
  startDispense: async () => ({ path: '/dispenses', body: {} }),
  listDispenses: listed('/dispenses', {}),
  getDispense: about('/dispenses', {}, ''),
  addPatient: about('/dispenses', {}, '/patient', patient),
  correctPatient: async (send) => {
    const path = `/dispenses/${await created(send, '/dispenses', {})}/patient`;
    await done(send('POST', path, patient));
    return { path: `${path}/correct`, body: patient };
  },
  addDrugs: about('/dispenses', {}, '/drugs', { drugs }),
  confirmAnalysis: async (send) => {
    const path = `/dispenses/${await created(send, '/dispenses', {})}`;
    await done(send('PUT', `${path}/prescription`, 'Bread and milk\n'));
    const { body } = await until(
      () => send('GET', path),
      (answer) => answer.body['state'] === 'ready',
    );
    const { analysis } = body['prescription'] as { readonly analysis: { readonly id: string } };
    return { path: `${path}/analysis/confirm`, body: { analysis: analysis.id } };
  },
  cancelDispense: about('/dispenses', {}, '/cancel', { reason: 'Moved' }),
  completeDispense: async (send) => {
    const id = await created(send, '/dispenses', {});
    await done(send('POST', `/dispenses/${id}/patient`, patient));
    await done(send('POST', `/dispenses/${id}/drugs`, { drugs }));
    return { path: `/dispenses/${id}/complete`, body: {} };
  },
  uploadPrescription: about('/dispenses', {}, '/prescription', prescription),
  addPage: async (send) => {
    const path = `/dispenses/${await created(send, '/dispenses', {})}/prescription`;
    await done(send('PUT', path, prescription));
    return { path: `${path}/pages`, body: 'Ibuprofen 400 mg tablet, 20\n' };
  },
  getPrescription: async (send) => {
    const path = `/dispenses/${await created(send, '/dispenses', {})}/prescription`;
    await done(send('PUT', path, prescription));
    return { path };
  },
  searchPersons: async (send) => ({
    path: '/persons/search',
    body: { identifier: (await person(send)).identifier },
  }),
  listPersons: async (send) => {
    await done(send('POST', `/persons/${(await person(send)).id}/hold`, {}));
    return await withItems(send, '/persons');
  },
  getPerson: async (send) => ({ path: `/persons/${(await person(send)).id}` }),
  exportPerson: async (send) => ({ path: `/persons/${(await person(send)).id}/export` }),
  placeHold: async (send) => ({ path: `/persons/${(await person(send)).id}/hold`, body: {} }),
  liftHold: async (send) => {
    const path = `/persons/${(await person(send)).id}/hold`;
    await done(send('POST', path, {}));
    return { path: `${path}/lift`, body: {} };
  },
  erasePerson: async (send) => ({
    path: `/persons/${(await person(send)).id}/erase`,
    body: { legalGround: 'objection' },
  }),
  listTodos: async (send) => ({ path: `/todos?subject=ledger/${await overdrawn(send)}` }),
  getTodo: async (send) => ({ path: `/todos/ledger.${await overdrawn(send)}.2.settle-overdraft` }),
  summarizeTodos: async () => ({ path: '/todos/summary' }),
  readStream: async (send) => ({ path: `/streams/ledger/${await created(send, '/ledger', account)}` }),
  getHealth: async () => ({ path: '/health' }),
  getOpenApi: async () => ({ path: '/openapi.json' }),
};

/** A request about a new resource, once its read model has it. */
function about(collection: string, create: object, step: string, body?: object | string): Prepare {
  return async (send) => {
    const path = `${collection}/${await created(send, collection, create)}`;
    if (body === undefined)
      await until(
        () => send('GET', path),
        ({ status }) => status === 200,
      );
    return { path: path + step, ...(body !== undefined && { body }) };
  };
}

/** A request for the lines of a new resource, after a command that adds one. */
function recorded(collection: string, create: object, step: string, body: object, lines: string): Prepare {
  return async (send) => {
    const path = `${collection}/${await created(send, collection, create)}`;
    await done(send('POST', path + step, body));
    return await withItems(send, path + lines);
  };
}

/** A request for a list that has at least one item. */
function listed(path: string, create: object): Prepare {
  return async (send) => {
    await created(send, path, create);
    return await withItems(send, path);
  };
}

/** A request for a list, once it has an item. */
async function withItems(send: SendAsOwner, path: string): Promise<Sample> {
  await until(
    () => send('GET', path),
    ({ body }) => (body['items'] as unknown[]).length > 0,
  );
  return { path };
}

/** An overdrawn account. TODO has its item. */
async function overdrawn(send: SendAsOwner): Promise<string> {
  const id = await created(send, '/ledger', account);
  await done(send('POST', `/ledger/${id}/debits`, { amount: 1 }));
  await until(
    () => send('GET', `/todos/ledger.${id}.2.settle-overdraft`),
    ({ status }) => status === 200,
  );
  return id;
}

/** A person with a dispense, once the index has them. */
async function person(send: SendAsOwner): Promise<{ readonly id: string; readonly identifier: string }> {
  const identifier = randomUUID();
  const dispense = await created(send, '/dispenses', {});
  await done(send('POST', `/dispenses/${dispense}/patient`, { ...patient, identifier }));
  const { body } = await until(
    () => send('POST', '/persons/search', { identifier }),
    (answer) => (answer.body['persons'] as unknown[]).length > 0,
  );
  const [found] = body['persons'] as readonly { readonly id: string }[];
  return { id: String(found?.id), identifier };
}

async function created(send: SendAsOwner, path: string, body: object): Promise<string> {
  return String((await done(send('POST', path, body)))['id']);
}

async function done(sent: Promise<SampleAnswer>) {
  const { status, body } = await sent;
  if (status >= 300) throw new Error(`A sample was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
