import { describe, expect, it } from '@jest/globals';
import { parseTraceparent } from '../../kernel/index.ts';
import type { Invocation, Tracing } from '../tracing.ts';
import { recordedOtlp, testEffects } from './recorded-otlp.fixture.ts';

const traced = (flags: '00' | '01', digit = 'a') => `00-${digit.repeat(32)}-${digit.repeat(16)}-${flags}`;
const request = (traceparent?: string): Invocation => ({
  name: 'GET',
  kind: 'server',
  traceparent,
  attributes: {},
});
const batch: Invocation = { name: 'process', kind: 'consumer', attributes: {} };
const call = { service: 'DynamoDB', operation: 'PutItem', attributes: {} };
const nothing = async () => undefined;

/** Randomness is 0.5, so a ratio above it says yes. */
const [yes, no] = [0.6, 0.4];

describe('a request', () => {
  it.each([
    ['no context', undefined, yes, true],
    ['no context', undefined, no, false],
    ['no context', undefined, 0, false],
    ['a malformed context', 'x', yes, true],
    ['a malformed context', 'x', no, false],
    ['a context that is not sampled', traced('00'), 1, false],
    ['a sampled context', traced('01'), 0, true],
  ])('with %s (%j, ratio %d) is exported: %s', async (_name, traceparent, ratio, exported) => {
    const { tracing, batches } = recordedOtlp({ ratio });
    const handedOn = await tracing.invocation(request(traceparent), async () => tracing.traceparent());
    expect(batches).toHaveLength(exported ? 1 : 0);
    expect(parseTraceparent(handedOn)?.sampled).toBe(exported);
  });

  it('with a sampled context is believed five times a second, then the ratio decides', async () => {
    const { effects, pass } = testEffects({ tickMs: 0 });
    const { tracing } = recordedOtlp({ ratio: no, effects });
    const flags = async () => {
      const all: (boolean | undefined)[] = [];
      for (let count = 0; count < 7; count += 1) {
        const context = await tracing.invocation(request(traced('01')), async () => tracing.traceparent());
        all.push(parseTraceparent(context)?.sampled);
      }
      return all;
    };
    const expected = [true, true, true, true, true, false, false];
    await expect(flags()).resolves.toEqual(expected);
    pass(999);
    await expect(flags()).resolves.toEqual(expected.map(() => false));
    pass(1);
    await expect(flags()).resolves.toEqual(expected);
  });

  it('that is not believed is exported if the ratio says so', async () => {
    const { tracing, batches } = recordedOtlp({ ratio: yes, effects: testEffects({ tickMs: 0 }).effects });
    for (let count = 0; count < 9; count += 1) await tracing.invocation(request(traced('01')), nothing);
    expect(batches).toHaveLength(9);
  });
});

describe('a batch', () => {
  it.each([
    ['no causes, and the ratio says yes', [], yes, ['process', 'project']],
    ['no causes, and the ratio says no', [], no, []],
    ['causes that are not sampled', [traced('00'), traced('00', 'b')], yes, []],
    ['a sampled cause', [traced('01')], no, ['process', 'project']],
    ['one sampled cause of two', [traced('00'), traced('01', 'b')], no, ['process', 'project']],
    ['one sampled cause of two of a trace', [traced('00'), traced('01')], no, ['process', 'project']],
    ['causes without a context, and the ratio says yes', [undefined, 'x'], yes, ['process', 'project']],
    ['causes without a context, and the ratio says no', [undefined, 'x'], no, []],
  ])('with %s exports what is sampled', async (_name, contexts, ratio, expected) => {
    const { tracing, sent } = recordedOtlp({ ratio });
    const causes = contexts.map((traceparent) => ({ traceparent }));
    await tracing.invocation(batch, () => tracing.stepFor('project', causes, nothing));
    expect(sent().map(({ name }) => name)).toEqual(expected);
    expect(sent().every(({ sampled }) => sampled)).toBe(true);
  });

  it('that told somebody that its trace is sampled keeps to it', async () => {
    const { tracing, sent } = recordedOtlp({ ratio: yes });
    const handedOn = await tracing.invocation(batch, async () => {
      const context = tracing.traceparent();
      await tracing.stepFor('project', [{ traceparent: traced('00') }], nothing);
      return context;
    });
    expect(parseTraceparent(handedOn)?.sampled).toBe(true);
    expect(sent().map(({ name }) => name)).toEqual(['process']);
  });

  it('hands on the decision of each cause', async () => {
    const { tracing } = recordedOtlp({ ratio: yes });
    const causes = [{ traceparent: traced('00') }, { traceparent: traced('01', 'b') }];
    const flags = await tracing.invocation(batch, () =>
      tracing.stepFor('publish', causes, async (steps) =>
        steps.map(({ traceparent }) => parseTraceparent(traceparent)?.sampled),
      ),
    );
    expect(flags).toEqual([false, true]);
  });
});

describe('an invocation that is not sampled', () => {
  const error = new Error('broken');
  const fails = async () => {
    throw error;
  };
  it.each<[string, boolean, (tracing: Tracing) => unknown]>([
    ['throws', true, () => fails()],
    ['is described as failed', true, (tracing) => tracing.describe({ error: '503' })],
    ['has a step that fails', true, (tracing) => tracing.step('append', fails).catch(nothing)],
    ['has a call that fails', true, (tracing) => tracing.call(call, fails, () => ({})).catch(nothing)],
    [
      'sets a stream aside',
      true,
      (tracing) => tracing.stepFor('project', [{}], async ([step]) => step?.fail('x')),
    ],
    ['loses a race', false, calling('ConditionalCheckFailedException')],
    [
      'loses a race of a transaction',
      false,
      calling('TransactionCanceledException', 'None', 'ConditionalCheckFailed'),
    ],
    ['has a transaction throttled', true, calling('TransactionCanceledException', 'None', 'ThrottlingError')],
    ['has a transaction cancelled', true, calling('TransactionCanceledException')],
    ['has an event', false, (tracing) => tracing.event('conflict')],
    ['works', false, nothing],
  ])('and %s is exported: %s', async (_name, exported, work) => {
    const { tracing, sent } = recordedOtlp({ ratio: 0 });
    await tracing.invocation(request(), async () => void (await work(tracing))).catch(nothing);
    expect(sent().length > 0).toBe(exported);
    expect(sent().every(({ sampled }) => !sampled)).toBe(true);
  });
});

/** Makes a call that AWS answers by this error. */
function calling(name: string, ...codes: string[]) {
  const error = Object.assign(new Error('No.'), {
    name,
    ...(codes.length > 0 && { CancellationReasons: codes.map((Code) => ({ Code })) }),
  });
  return (tracing: Tracing) =>
    tracing
      .call(
        call,
        () => Promise.reject(error),
        () => ({}),
      )
      .catch(nothing);
}
