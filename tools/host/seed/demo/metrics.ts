import type { Caller } from './caller.ts';

const weekMs = 7 * 24 * 3_600_000;
/** A deadline that passes while one looks. */
const soonMs = 5_000;
const later = '2099-12-31T23:59:59Z';

/** A metric, its target, and the values of the weeks before now, the newest last. */
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
export async function makeMetrics(caller: Caller, now: number): Promise<string> {
  const ids = await Promise.all(
    [active, untargeted, successful, expired, archived].map((metric) => makeMetric(caller, metric, now)),
  );
  const [series = '', , fast = '', , parking = ''] = ids;
  await caller.post('reach-the-target', `/metrics/${fast}/values`, { value: 14 });
  await caller.post('archive', `/metrics/${parking}/archive`);
  return series;
}

/** @param now in ms since 1970: values are measured before it */
export async function makeMetric(caller: Caller, metric: Metric, now: number): Promise<string> {
  const { name, unit, target, deadline, values } = metric;
  const key = name.toLowerCase().replaceAll(' ', '-');
  const id = await caller.post(`create-${key}`, '/metrics', { name, ...(unit !== undefined && { unit }) });
  const measured = values.map((value, at) => ({
    value,
    at: new Date(now - (values.length - at) * weekMs).toISOString(),
  }));
  await caller.post(`values-${key}`, `/metrics/${id}/values`, measured);
  if (target !== undefined) {
    const until = deadline ?? new Date(Date.now() + soonMs).toISOString();
    await caller.post(`target-${key}`, `/metrics/${id}/targets`, { ...target, deadline: until });
  }
  return id;
}
