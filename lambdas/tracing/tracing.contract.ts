import { describe, expect, it } from '@jest/globals';
import { type CausedStep, parseTraceparent, type Step } from '../kernel/index.ts';
import type { Invocation, Tracing } from './tracing.ts';

/** An adapter of the contract. */
export interface TracingCandidate {
  readonly create: () => Tracing;
  /** False: it traces nothing, by its nature or because it is broken. */
  readonly traced: boolean;
}

const invocation: Invocation = { name: 'GET', kind: 'server', attributes: { 'faas.coldstart': true } };
const call = { service: 'DynamoDB', operation: 'PutItem', attributes: { 'db.system.name': 'aws.dynamodb' } };
const sampled = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const otherTrace = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01';
const malformed = [
  '',
  'x',
  `${sampled}-more`,
  sampled.replace('00-', 'ff-'),
  '\u0000'.repeat(55),
  sampled.toUpperCase(),
];

/** Every way to run work. */
const ways: Readonly<
  Record<string, <Result>(tracing: Tracing, run: () => Promise<Result>) => Promise<Result>>
> = {
  invocation: (tracing, run) => tracing.invocation(invocation, run),
  step: (tracing, run) => tracing.step('hydrate', run, { stream: 'ledger/a', events: 2 }),
  'stepFor without causes': (tracing, run) => tracing.stepFor('project', [], run),
  'stepFor one cause': (tracing, run) => tracing.stepFor('project', [{ traceparent: sampled }], run),
  'stepFor many causes': (tracing, run) =>
    tracing.stepFor('publish', [{ traceparent: sampled }, {}, { traceparent: otherTrace }], run),
  call: (tracing, run) => tracing.call(call, run, () => ({ attempts: 1, requestId: 'r' })),
  'call whose result is not understood': (tracing, run) =>
    tracing.call(call, run, () => {
      throw new TypeError('not understood');
    }),
};

/** What every adapter of `Tracing` keeps. */
export function describeTracingContract(name: string, { create, traced }: TracingCandidate): void {
  describe(`${name} as tracing`, () => {
    describe.each(Object.entries(ways))('%s', (_name, way) => {
      it.each([
        [
          'inside an invocation',
          (tracing: Tracing, run: () => Promise<unknown>) => tracing.invocation(invocation, run),
        ],
        ['outside', (_tracing: Tracing, run: () => Promise<unknown>) => run()],
      ])('runs once, and passes on its result, %s', async (_place, inside) => {
        const tracing = create();
        let runs = 0;
        const result = await inside(tracing, () =>
          way(tracing, async () => {
            runs += 1;
            await Promise.resolve();
            return { answer: runs };
          }),
        );
        expect(result).toEqual({ answer: 1 });
        expect(runs).toBe(1);
      });

      it.each([
        ['rejects', () => Promise.reject(failure)],
        [
          'throws at once',
          () => {
            throw failure;
          },
        ],
      ])('passes on the error of work that %s', async (_how, work) => {
        const tracing = create();
        let runs = 0;
        const failing = async () =>
          tracing.invocation(invocation, () =>
            way(tracing, () => {
              runs += 1;
              return work();
            }),
          );
        await expect(failing()).rejects.toBe(failure);
        expect(runs).toBe(1);
      });
    });

    it('runs steps inside steps, one after the other and at the same time', async () => {
      const tracing = create();
      const done: string[] = [];
      const step = (of: Step, ...inner: (() => Promise<unknown>)[]) =>
        tracing.step(of, async () => {
          await Promise.all(inner.map((run) => run()));
          done.push(of);
        });
      await tracing.invocation(invocation, async () => {
        await step(
          'publish',
          () => step('hydrate', () => step('append')),
          () => step('decide'),
        );
        await step('project');
      });
      expect(done.toSorted()).toEqual(['append', 'decide', 'hydrate', 'project', 'publish']);
      expect(done.slice(-2)).toEqual(['publish', 'project']);
    });

    it('has ids and a context inside an invocation only', async () => {
      const tracing = create();
      expect([tracing.ids(), tracing.traceparent()]).toEqual([undefined, undefined]);
      const seen = await tracing.invocation(invocation, async () => ({
        outer: tracing.ids(),
        inner: await tracing.step('decide', async () => tracing.ids()),
        context: parseTraceparent(tracing.traceparent()),
      }));
      expect([tracing.ids(), tracing.traceparent()]).toEqual([undefined, undefined]);
      if (!traced) return expect(seen).toEqual({ outer: undefined, inner: undefined, context: undefined });
      expect(seen.outer).toMatchObject({ traceId: expect.stringMatching(/^[\da-f]{32}$/) });
      expect(seen.outer).toMatchObject({ spanId: expect.stringMatching(/^[\da-f]{16}$/) });
      expect(seen.context).toMatchObject({ ...seen.outer });
      expect(seen.inner?.spanId).not.toBe(seen.outer?.spanId);
      expect(seen.inner?.traceId).toBe(seen.outer?.traceId);
    });

    it.each([0, 1, 3])('gives a step to each of %d causes', async (count) => {
      const tracing = create();
      const causes = [{ traceparent: sampled }, { traceparent: 'malformed' }, { traceparent: otherTrace }];
      const steps = await tracing.invocation(invocation, () =>
        tracing.stepFor('project', causes.slice(0, count), async (given: readonly CausedStep[]) => {
          for (const step of given) {
            step.event('parked', { stream: 'ledger/a', none: undefined });
            step.fail('PoisonedError');
          }
          return given;
        }),
      );
      expect(steps).toHaveLength(count);
      for (const { traceparent } of steps) {
        if (traceparent !== undefined) expect(parseTraceparent(traceparent)).toBeDefined();
      }
    });

    it('takes what becomes known in a step, while it runs and after it', async () => {
      const tracing = create();
      const hydrate = () =>
        tracing.step('hydrate', async (add) => {
          add({ events: 3, commits: ['ledger/a@1'] });
          return add;
        });
      for (const add of [await hydrate(), await tracing.invocation(invocation, hydrate)]) {
        expect(() => add({ events: 4 })).not.toThrow();
      }
    });

    it('gives causes of one trace the same step', async () => {
      const tracing = create();
      const causes = [{ traceparent: sampled }, { traceparent: otherTrace }, { traceparent: sampled }];
      const [first, , last] = await tracing.invocation(invocation, () =>
        tracing.stepFor('project', causes, async (given) => given),
      );
      expect(first).toBe(last);
    });

    it.each(malformed)('ignores a malformed context: %j', async (traceparent) => {
      const tracing = create();
      const result = await tracing.invocation({ ...invocation, traceparent }, () =>
        tracing.stepFor('record', [{ traceparent }], async ([step]) => step?.traceparent ?? 'none'),
      );
      expect(result === 'none' || parseTraceparent(result) !== undefined).toBe(true);
    });

    it('takes descriptions and events at any time', async () => {
      const tracing = create();
      const report = () => {
        tracing.describe({ name: 'GET /{id}', attributes: { 'http.route': '/{id}', none: undefined } });
        tracing.describe({ error: 'not a name: but a sentence' });
        tracing.event('conflict', { attempt: 1, none: undefined });
        tracing.event('retry');
      };
      report();
      await tracing.invocation(invocation, async () => report());
      report();
    });

    it('lets work go on after its invocation has ended', async () => {
      const tracing = create();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      let late: Promise<string> | undefined;
      await tracing.invocation(invocation, async () => {
        late = tracing.step('append', async () => {
          await ended;
          tracing.event('cut-off');
          expect([tracing.ids(), tracing.traceparent()]).toEqual([undefined, undefined]);
          return tracing.step('decide', async () => 'done');
        });
      });
      end();
      await expect(late).resolves.toBe('done');
    });
  });
}

const failure = new Error('the work itself');
