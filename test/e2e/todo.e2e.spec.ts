import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Host } from '../../tools/host/host.ts';
import { httpClient } from '../support/http-client.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { uploadPrescription } from '../support/upload-prescription.ts';

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
}

describe('open work on the local host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startTestHost();
  }, 60_000);
  afterAll(() => host?.stop());

  const call = httpClient(() => host.httpUrl);
  const itemsOf = async (subject: string) =>
    (await call('GET', `/todos?subject=${subject}`)).body['items'] as Item[];
  /** Waits for the items of a subject to be these: kind and status of each, in order of opening and then of kind. */
  const untilItemsAre = (subject: string, ...expected: readonly string[]) =>
    until(
      () => itemsOf(subject),
      (items) => `${items.map(({ kind, status }) => `${kind} ${status}`)}` === `${expected}`,
    );
  const openOf = async (kind: string) => {
    const open = (await call('GET', '/todos/summary')).body['open'] as { kind: string; count: number }[];
    return open.find((each) => each.kind === kind)?.count;
  };

  it('follows a dispense from its prescription to its end', async () => {
    const { body } = await call('POST', '/dispenses', {});
    const id = String(body['id']);
    const subject = `dispense/${id}`;
    await untilItemsAre(subject, 'add-drugs open', 'add-patient open');
    expect(await openOf('add-patient')).toBe(1);

    await uploadPrescription(host, id);
    await untilItemsAre(subject, 'add-drugs open', 'add-patient open', 'analyze-prescription closed');

    await call('POST', `/dispenses/${id}/patient`, { name: 'Zebediah Quill', birthDate: '1980-02-29' });
    const drug = {
      name: 'Amoxicillin',
      strength: '500 mg',
      form: 'capsule',
      quantity: 21,
      directions: 'take one three times daily for 7 days',
    };
    expect(await call('POST', `/dispenses/${id}/drugs`, { drugs: [drug] })).toMatchObject({ status: 200 });
    const closed = ['add-drugs closed', 'add-patient closed', 'analyze-prescription closed'];
    const items = await untilItemsAre(subject, ...closed, 'complete-dispense open');
    expect(await call('POST', `/dispenses/${id}/complete`, {})).toMatchObject({ status: 200 });
    await untilItemsAre(subject, ...closed, 'complete-dispense closed');
    const completion = items.find(({ kind }) => kind === 'complete-dispense');
    expect((await call('GET', `/todos/${completion?.id}`)).body).toMatchObject({
      status: 'closed',
      subject,
      openedBy: { type: 'Dispense:DrugsAdded', version: 5 },
      closedBy: { type: 'Dispense:Completed', version: 6 },
    });
    expect((await itemsOf(subject)).filter(({ status }) => status === 'open')).toEqual([]);
  });

  it('asks for a target of a metric, and for the settlement of an overdraft', async () => {
    const metric = String((await call('POST', '/metrics', { name: 'Sign-ups' })).body['id']);
    await untilItemsAre(`metrics/${metric}`, 'set-target open');
    const deadline = new Date(Date.now() + 3_600_000).toISOString();
    await call('POST', `/metrics/${metric}/targets`, { value: 1, deadline });
    await untilItemsAre(`metrics/${metric}`, 'set-target closed');

    const opening = { currency: 'EUR', name: 'Joint', overdraftLimit: 50 };
    const account = String((await call('POST', '/ledger', opening)).body['id']);
    await call('POST', `/ledger/${account}/debits`, { amount: 20 });
    await untilItemsAre(`ledger/${account}`, 'settle-overdraft open');
    await call('POST', `/ledger/${account}/credits`, { amount: 19.99 });
    await call('POST', `/ledger/${account}/credits`, { amount: 0.01 });
    await untilItemsAre(`ledger/${account}`, 'settle-overdraft closed');
  });
});
