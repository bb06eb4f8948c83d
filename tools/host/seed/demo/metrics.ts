import { UserError } from '../../user-error.ts';
import type { Caller } from './caller.ts';

/** Deadlines that pass while one looks. On a busy machine the first has passed before its request is handled. */
const soonMs = [10_000, 120_000] as const;
const later = '2099-12-31T23:59:59Z';

/** A metric, its target, and its values, the newest last. No value can be older than its metric. */
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly target?: { readonly value: number; readonly direction: 'at-least' | 'at-most' };
  readonly deadline?: string;
  readonly values: readonly number[];
}

const untargeted: Metric = {
  name: 'Visitors of the shop',
  unit: 'people',
  values: [212, 240, 198, 260, 251, 277],
};
const active: Metric = {
  name: 'Members of the customer club',
  unit: 'people',
  target: { value: 500, direction: 'at-least' },
  deadline: later,
  values: [180, 201, 219, 244, 260, 281, 297, 322, 340, 361, 377, 402],
};
const successful: Metric = {
  name: 'Minutes until a prescription is ready',
  unit: 'min',
  target: { value: 15, direction: 'at-most' },
  deadline: later,
  values: [31, 28, 29, 24, 22, 19, 18, 16],
};
const expired: Metric = {
  name: 'Bread sold on Saturdays',
  unit: 'loaves',
  target: { value: 300, direction: 'at-least' },
  values: [140, 155, 149, 171],
};
const archived: Metric = { name: 'Parking spaces in use', values: [12, 14, 9] };

/** Metrics in every status. Returns the id of one with a long series. */
export async function makeMetrics(caller: Caller): Promise<string> {
  const ids: string[] = [];
  for (const metric of [active, untargeted, successful, expired, archived]) {
    ids.push(await makeMetric(caller, metric));
  }
  const [series = '', , fast = '', , parking = ''] = ids;
  await caller.post('reach-the-target', `/metrics/${fast}/values`, { value: 14 });
  await caller.post('archive', `/metrics/${parking}/archive`);
  return series;
}

export async function makeMetric(caller: Caller, metric: Metric): Promise<string> {
  const { name, unit, target, deadline, values } = metric;
  const key = name.toLowerCase().replaceAll(' ', '-');
  const id = await caller.post(`create-${key}`, '/metrics', { name, ...(unit !== undefined && { unit }) });
  if (target !== undefined) {
    const path = `/metrics/${id}/targets`;
    const set = (until: string) => caller.post(`target-${key}`, path, { ...target, deadline: until });
    await (deadline === undefined ? setSoon(set) : set(deadline));
  }
  // Each in a request of its own, so that each has a time of its own.
  for (const [at, value] of values.entries()) {
    await caller.post(`${key}-${at}`, `/metrics/${id}/values`, { value });
  }
  return id;
}

/** Sets a target that soon expires. A refusal is not remembered, so the same command can be sent with a later deadline. */
async function setSoon(set: (deadline: string) => Promise<string>): Promise<string> {
  const [first, second] = soonMs;
  const after = (ms: number) => new Date(Date.now() + ms).toISOString();
  return set(after(first)).catch((error) => {
    if (!(error instanceof UserError)) throw error;
    return set(after(second));
  });
}
