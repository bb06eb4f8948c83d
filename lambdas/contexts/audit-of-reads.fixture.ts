import { expect } from '@jest/globals';
import { scopeNames } from '../../schema/scopes.ts';
import { doubtfulReading } from './dispense/domain/dispense.fixture.ts';
import type { wholeApi } from './whole-api.fixture.ts';

/** The API of a spec. */
export type Api = Awaited<ReturnType<typeof wholeApi>>;

const everything = scopeNames.join(' ');
/** The claims of a caller with all scopes. */
export const right = { sub: 'reader', scope: everything };

/** Values of requests and answers that no line may have. Each is unique, so that a search finds only leaks. */
export const secrets = {
  name: 'Wilhelmine Quackenbush',
  birthDate: '1957-04-30',
  identifier: 'INS-7351-XQ',
  account: 'Nest egg of Quill',
  drug: 'Quillamycin',
  directions: 'whispered at night',
  setAside: 'stop Quondamol 9 mg',
  notUnderstood: 'Qvr 8 1-0-0',
  reason: 'moved to Zzyzx',
  document: 'Rx Quixotidine',
  amount: '73519.42',
  limit: '60317.25',
  key: 'retry-key-8812-zz',
};
const patient = { name: secrets.name, birthDate: secrets.birthDate, identifier: secrets.identifier };
const drugs = [
  { name: secrets.drug, strength: '1 mg', form: 'x', quantity: 1, directions: secrets.directions },
];

/** The stream of the account that most cases are about. */
export const account = 'ledger/a';
const other = 'ledger/b';

/** An account with a statement and a peer, a dispense with everything, and a metric. Returns the stream of the dispense. */
export async function fill(api: Api) {
  const send = async (method: string, path: string, json?: unknown, base64?: string, key = '') => {
    const answer = await api.call(method, path, {
      claims: right,
      json,
      ...(base64 !== undefined && { base64 }),
      headers: { 'idempotency-key': `${secrets.key}-${path}${key}` },
    });
    expect(answer.status).toBeLessThan(300);
    return answer.body as { id: string };
  };
  const { id: named } = await send('POST', '/ledger', {
    currency: 'USD',
    name: secrets.account,
    overdraftLimit: secrets.limit,
  });
  for (const id of ['a', 'b']) await send('POST', `/ledger/${id}/credits`, { amount: secrets.amount });
  const { id: metric } = await send('POST', '/metrics', { name: 'Orders' });
  const { id } = await send('POST', '/dispenses');
  await send('POST', `/dispenses/${id}/patient`, patient);
  await send('POST', `/dispenses/${id}/drugs`, { drugs });
  await send(
    'PUT',
    `/dispenses/${id}/prescription`,
    undefined,
    Buffer.from(secrets.document).toString('base64'),
  );
  const key = [...api.documents.statuses.keys()].at(-1) ?? '';
  await api.send(id, {
    type: 'RecordAnalysis',
    key,
    uploadEventId: 'e1',
    ...doubtfulReading,
    setAside: [secrets.setAside],
    notUnderstood: [secrets.notUnderstood],
  });
  for (const stream of [account, other, `ledger/${named}`, `metrics/${metric}`, `dispense/${id}`] as const)
    await api.project(stream);
  const begun = await send('POST', '/dispenses', undefined, undefined, 'second');
  const dispense = `dispense/${id}` as const;
  const { identifier, birthDate } = secrets;
  api.addPerson({
    personId: '00000000-0000-4000-8000-000000007031',
    found: { identifier, birthDate },
    streams: [dispense],
  });
  api.addPerson({ personId: '00000000-0000-4000-8000-000000007032' });
  await send('POST', '/persons/00000000-0000-4000-8000-000000007032/hold');
  await api.project('person/00000000-0000-4000-8000-000000007032');
  return { dispense, id, begun: begun.id, named: `ledger/${named}` };
}

/** A request, and what the audit writes for it. */
export interface Case {
  readonly request: readonly [method: string, path: string, json?: unknown, query?: string];
  /** The status for a caller with all scopes. */
  readonly status: number;
  /** The streams in the line of a caller with all scopes. `commits`: there is no line. */
  readonly streams: readonly string[] | 'commits';
  /** The streams in the line of a caller who is refused. Default: the same. */
  readonly refused?: readonly string[];
  /** The streams that the request itself names. Default: those of a refused one. */
  readonly named?: readonly string[];
  /** A document is sent. */
  readonly isUpload?: boolean;
}

/** A request for every audited route, by operation. */
export function casesOf({
  dispense,
  id,
  begun,
  named,
}: Awaited<ReturnType<typeof fill>>): Readonly<Record<string, Case>> {
  const command = (path: string, stream: string, json?: unknown, status = 200): Case => ({
    request: ['POST', path, json],
    status,
    streams: 'commits',
    refused: [stream],
  });
  const refusedCommand = (path: string, stream: string): Case => ({
    request: ['POST', path],
    status: 409,
    streams: [stream],
  });
  return {
    openAccount: {
      request: ['POST', '/ledger', { currency: 'USD', name: secrets.account }],
      status: 201,
      streams: 'commits',
      refused: [],
    },
    creditAccount: command('/ledger/a/credits', account, { amount: secrets.amount }),
    debitAccount: command('/ledger/a/debits', account, { amount: '0.01' }),
    closeAccount: refusedCommand('/ledger/a/close', account),
    transfer: {
      request: ['POST', '/ledger/a/transfers', { to: 'b', amount: '9999999' }],
      status: 409,
      streams: [account, other],
      refused: [account],
      named: [account, other],
    },
    getAccount: { request: ['GET', '/ledger/a'], status: 200, streams: [account] },
    listEntries: { request: ['GET', '/ledger/a/entries'], status: 200, streams: [account] },
    listAccounts: { request: ['GET', '/ledger'], status: 200, streams: [account, other, named], refused: [] },
    startDispense: { request: ['POST', '/dispenses'], status: 201, streams: 'commits', refused: [] },
    addPatient: command(`/dispenses/${begun}/patient`, `dispense/${begun}`, {
      ...patient,
      birthDate: '1957-04-29',
    }),
    correctPatient: command(`/dispenses/${id}/patient/correct`, dispense, patient),
    addDrugs: command(`/dispenses/${begun}/drugs`, `dispense/${begun}`, { drugs }),
    completeDispense: refusedCommand(`/dispenses/${begun}/complete`, `dispense/${begun}`),
    cancelDispense: command(`/dispenses/${id}/cancel`, dispense, { reason: secrets.reason }),
    uploadPrescription: {
      request: ['PUT', `/dispenses/${begun}/prescription`],
      status: 200,
      streams: 'commits',
      refused: [`dispense/${begun}`],
      isUpload: true,
    },
    addPage: {
      request: ['POST', `/dispenses/${id}/prescription/pages`],
      status: 200,
      streams: 'commits',
      refused: [dispense],
      isUpload: true,
    },
    confirmAnalysis: command(`/dispenses/${id}/analysis/confirm`, dispense, { analysis: 'e1' }),
    getDispense: { request: ['GET', `/dispenses/${id}`], status: 200, streams: [dispense] },
    listDispenses: { request: ['GET', '/dispenses'], status: 200, streams: [dispense], refused: [] },
    searchPersons: {
      request: ['POST', '/persons/search', { identifier: secrets.identifier }],
      status: 200,
      streams: ['person/00000000-0000-4000-8000-000000007031'],
      refused: [],
    },
    getPerson: {
      request: ['GET', '/persons/00000000-0000-4000-8000-000000007031'],
      status: 200,
      streams: ['person/00000000-0000-4000-8000-000000007031', dispense],
      refused: ['person/00000000-0000-4000-8000-000000007031'],
    },
    exportPerson: {
      request: ['GET', '/persons/00000000-0000-4000-8000-000000007031/export'],
      status: 200,
      streams: ['person/00000000-0000-4000-8000-000000007031', dispense],
      refused: ['person/00000000-0000-4000-8000-000000007031'],
    },
    listPersons: {
      request: ['GET', '/persons'],
      status: 200,
      streams: ['person/00000000-0000-4000-8000-000000007032'],
      refused: [],
    },
    placeHold: command(
      '/persons/00000000-0000-4000-8000-000000007031/hold',
      'person/00000000-0000-4000-8000-000000007031',
    ),
    liftHold: refusedCommand(
      '/persons/00000000-0000-4000-8000-000000007031/hold/lift',
      'person/00000000-0000-4000-8000-000000007031',
    ),
    erasePerson: command(
      '/persons/00000000-0000-4000-8000-000000007031/erase',
      'person/00000000-0000-4000-8000-000000007031',
      { legalGround: 'objection' },
    ),
    getPrescription: { request: ['GET', `/dispenses/${id}/prescription`], status: 302, streams: [dispense] },
    readStream: { request: ['GET', `/streams/${dispense}`], status: 200, streams: [dispense] },
    listTodos: {
      request: ['GET', '/todos', undefined, `subject=${dispense}`],
      status: 200,
      streams: [dispense],
      refused: [],
      named: [dispense],
    },
    getTodo: {
      request: ['GET', `/todos/dispense.${id}.1.add-patient`],
      status: 200,
      streams: [dispense],
    },
  };
}
