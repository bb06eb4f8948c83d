import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Act, Plan } from '../plan.ts';
import { faultKinds, functionNames } from '../world/faults.ts';
import { focusOfSeed, makePlan } from './make-plan.ts';

const seeds = 1_000;

describe('plans of a thousand seeds', () => {
  let plans: readonly Plan[] = [];
  beforeAll(() => {
    plans = Array.from({ length: seeds }, (_, seed) => makePlan(seed));
  });
  const commandsOf = ({ acts }: Plan) => acts.filter((act) => act.kind === 'command');
  const withAct = (is: (act: Act) => boolean) => plans.filter(({ acts }) => acts.some(is)).length;
  /** When the last act begins. */
  const endOf = ({ acts }: Plan) => acts.at(-1)?.atMs ?? 0;

  it('have at least 50 commands over 5 streams, and 3 faults', () => {
    for (const plan of plans) {
      const commands = commandsOf(plan);
      expect(commands.length).toBeGreaterThanOrEqual(50);
      const streams = new Set(commands.map(({ command: { context, id } }) => `${context}/${id}`));
      expect(streams.size).toBeGreaterThanOrEqual(5);
      expect(plan.faults.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('have faults while people act', () => {
    for (const plan of plans) {
      for (const { fromMs } of plan.faults) expect(fromMs).toBeLessThan(endOf(plan));
    }
  });

  it('have acts in the order of their times, with keys of their own', () => {
    for (const plan of plans) {
      const { acts } = plan;
      expect(acts.map(({ atMs }) => atMs)).toEqual(acts.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
      const keys = commandsOf(plan).flatMap(({ key, misusesKeyOf }) =>
        misusesKeyOf === undefined ? (key ?? []) : [],
      );
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('repeat and misuse keys of earlier commands', () => {
    for (const { acts } of plans) {
      for (const [place, act] of acts.entries()) {
        const meant = act.kind === 'again' ? act.act : act.kind === 'command' ? act.misusesKeyOf : undefined;
        if (meant === undefined) continue;
        expect(meant).toBeLessThan(place);
        expect(acts[meant]).toMatchObject({ kind: 'command', key: expect.any(String) });
        if (act.kind !== 'command') continue;
        expect(acts[meant]).toMatchObject({ key: act.key });
        expect(acts[meant]).not.toMatchObject({ command: act.command });
      }
    }
  });

  it.each(faultKinds)('often have the fault %s', (kind) => {
    const share = plans.filter(({ faults }) => faults.some((fault) => fault.kind === kind)).length / seeds;
    // Segments are there only in histories with a long stream.
    expect(share).toBeGreaterThan(kind === 'segments-damaged' ? 0.005 : 0.2);
  });

  it.each<[string, number, (act: Act) => boolean]>([
    ['repeat commands', 0.4, ({ kind }) => kind === 'again'],
    ['misuse keys', 0.2, (act) => act.kind === 'command' && act.misusesKeyOf !== undefined],
    ['expect versions', 0.2, (act) => act.kind === 'command' && act.expectedVersion !== undefined],
    ['have callers without keys', 0.2, (act) => act.kind === 'command' && act.key === undefined],
    ['read fresh rows', 0.3, (act) => act.kind === 'read' && act.isFresh],
    ['read rows', 0.3, (act) => act.kind === 'read' && !act.isFresh],
    ['ask about the past', 0.4, ({ kind }) => kind === 'ask-past'],
    ['rebuild', 0.2, ({ kind }) => kind === 'rebuild'],
    ['redrive', 0.2, ({ kind }) => kind === 'redrive'],
    ['catch up', 0.02, ({ kind }) => kind === 'catch-up'],
    ['read lists', 0.2, ({ kind }) => kind === 'list'],
    ['sweep at deadlines', 0.1, ({ kind }) => kind === 'sweep'],
    ['have several operators', 0.08, ({ kind }) => kind === 'interfere'],
    ['repair rows', 0.1, ({ kind }) => kind === 'damage-and-repair'],
    ['transfer', 0.95, (act) => act.kind === 'command' && act.command.do === 'transfer'],
    ['close accounts', 0.4, (act) => act.kind === 'command' && act.command.do === 'close'],
    ['set targets', 0.6, (act) => act.kind === 'command' && act.command.do === 'set-target'],
    ['upload', 0.6, (act) => act.kind === 'command' && act.command.do === 'upload'],
  ])('often %s', (_, share, is) => {
    expect(withAct(is) / seeds).toBeGreaterThan(share);
  });

  it('have outages of minutes, of whole services and of single tables and queues', () => {
    const outages = plans.flatMap(({ faults }) =>
      faults.flatMap((fault) => ('service' in fault && fault.chance === 1 ? [fault] : [])),
    );
    const lasting = outages.filter(({ forMs }) => forMs >= 60_000);
    for (const service of ['dynamodb', 'kinesis', 'sqs', 'kms'] as const) {
      const own = lasting.filter((fault) => fault.service === service);
      expect(own.filter(({ only }) => only === undefined).length).toBeGreaterThan(5);
      expect(own.filter(({ only }) => only !== undefined).length).toBeGreaterThan(
        service === 'kinesis' || service === 'kms' ? -1 : 5,
      );
    }
    expect(Math.max(...lasting.map(({ forMs }) => forMs))).toBeLessThanOrEqual(40 * 60_000);
  });

  it('have rushes: at least 12 commands within 10 ms, about one stream', () => {
    const isRush = ({ acts }: Plan) => {
      const commands = acts.filter((act) => act.kind === 'command');
      return commands.some(({ atMs, command: { id } }) => {
        const near = commands.filter(
          (one) => one.command.id === id && one.atMs >= atMs && one.atMs <= atMs + 10,
        );
        return near.length >= 12;
      });
    };
    expect(plans.filter(isRush).length / seeds).toBeGreaterThan(0.05);
  });

  it('are about each rare combination now and then, and mostly about none', () => {
    const focuses = plans.map(({ seed }) => focusOfSeed(seed));
    const counts = Map.groupBy(focuses, (focus) => focus ?? 'none');
    expect(counts.size).toBe(8);
    for (const [focus, { length }] of counts) {
      if (focus === 'none') expect(length / seeds).toBeGreaterThan(0.75);
      else expect(length / seeds).toBeLessThan(0.06);
    }
  });

  it('kill every function', () => {
    for (const name of functionNames) {
      const killing = plans.filter(({ faults }) =>
        faults.some((fault) => fault.kind === 'killed' && fault.function === name),
      );
      expect(killing.length).toBeGreaterThan(10);
    }
  });

  it('keep to the bounds of faults and options', () => {
    for (const { faults, options } of plans) {
      for (const fault of faults) {
        if (fault.kind === 'clock-skew') expect(Math.abs(fault.skewMs)).toBeLessThanOrEqual(500);
        if (fault.kind === 'stale-reads') expect(fault.upToMs).toBeLessThanOrEqual(5_000);
        if (fault.kind === 'paused') expect(fault.forMs).toBeLessThanOrEqual(36 * 3_600_000);
      }
      expect(options.snapshotThreshold).toBeGreaterThanOrEqual(3);
      expect(options.pageBytes).toBeGreaterThanOrEqual(2_000);
    }
    const segmented = plans.filter(({ options }) => options.longStreamEvents > 0).length;
    expect(segmented / seeds).toBeGreaterThan(0.01);
    expect(segmented / seeds).toBeLessThan(0.05);
  });

  it('are the same for the same seed, and differ between seeds', () => {
    expect(makePlan(7)).toEqual(plans[7]);
    expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(seeds);
  });
});
