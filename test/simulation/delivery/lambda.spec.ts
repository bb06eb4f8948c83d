import { describe, expect, it } from '@jest/globals';
import type { Compose } from '../system/handler.ts';
import type { Fault } from '../world/faults.ts';
import { World } from '../world/world.ts';
import { Lambda } from './lambda.ts';

const none = { execute: () => ({}) };

function lambdaOf(
  compose: Compose,
  { faults = [], max }: { readonly faults?: readonly Fault[]; readonly max?: number } = {},
) {
  const services = { dynamodb: none, kinesis: none, sqs: none, kms: none };
  const world = new World({ seed: 7, faults, isTraced: true, services });
  const lambda = new Lambda({ world, compose: { api: compose }, ...(max && { maxInstances: { api: max } }) });
  return {
    world,
    lambda,
    run: () => world.time.run(() => false),
    /** Invokes once, and runs until no timer is left. */
    invoke: async (event: unknown = {}) => {
      const result = lambda.invoke('api', event);
      await world.time.run(() => false);
      return result;
    },
  };
}

/** Answers the event after 10 ms. */
const echo: Compose = (instance) => async (event) => {
  await instance.effects.delay(10);
  return event;
};

describe('the Lambda service', () => {
  it('answers what the function returns', async () => {
    const { invoke } = lambdaOf(echo);
    expect(await invoke('hello')).toEqual({ ok: true, result: 'hello', instance: 'api#1' });
  });

  it('answers that the function has thrown, and keeps the instance', async () => {
    const failing: Compose = () => async () => {
      throw new Error('No.');
    };
    const { invoke, world } = lambdaOf(failing, { max: 1 });
    const threw = { ok: false, reason: 'threw', error: new Error('No.'), instance: 'api#1' };
    expect(await invoke()).toEqual(threw);
    expect(await invoke()).toEqual(threw);
    expect(world.trace.lines.join('\n')).toContain('throws Error: No.');
  });

  it('answers that the function has thrown if it cannot be composed', async () => {
    const { invoke } = lambdaOf(() => {
      throw new Error('A variable is not set.');
    });
    expect(await invoke()).toMatchObject({ ok: false, reason: 'threw' });
  });

  it('does not invoke a function that is not part of it', () => {
    const { lambda } = lambdaOf(echo);
    expect(() => lambda.invoke('publisher', {})).toThrow('The function publisher is not composed.');
  });

  it('kills an instance at the timeout of its function, and tells the function how much time is left', async () => {
    const left: number[] = [];
    const hanging: Compose = (instance) => async (_event, invocation) => {
      left.push(invocation.remainingMs());
      await instance.effects.delay(20_000);
      left.push(invocation.remainingMs());
      await instance.effects.delay(20_000);
      left.push(invocation.remainingMs());
    };
    const { invoke, world } = lambdaOf(hanging);
    expect(await invoke()).toEqual({ ok: false, reason: 'timed-out', instance: 'api#1' });
    expect(left).toEqual([29_000, 9_000]);
    expect(await invoke()).toMatchObject({ instance: 'api#2' });
    expect(world.trace.lines.join('\n')).toContain('is ended at its timeout of 29 s');
  });

  it('answers at once that an instance was killed, and never uses it again', async () => {
    let kill = true;
    const killed: Compose = (instance) => async () => {
      await instance.effects.delay(10);
      if (kill) instance.kill();
      await instance.effects.delay(10);
      return 'done';
    };
    const { invoke, world } = lambdaOf(killed, { max: 1 });
    expect(await invoke()).toEqual({ ok: false, reason: 'killed', instance: 'api#1' });
    expect(world.elapsedMs).toBeLessThan(30_000);
    kill = false;
    expect(await invoke()).toEqual({ ok: true, result: 'done', instance: 'api#2' });
  });

  it('runs one invocation at a time in an instance, and lets further ones wait', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const counting: Compose = (instance) => async () => {
      running.set(instance.name, (running.get(instance.name) ?? 0) + 1);
      expect(running.get(instance.name)).toBe(1);
      most = Math.max(most, [...running.values()].filter((count) => count > 0).length);
      await instance.effects.delay(1_000);
      running.set(instance.name, 0);
    };
    const { lambda, run } = lambdaOf(counting, { max: 3 });
    const results = Array.from({ length: 20 }, () => lambda.invoke('api', {}));
    expect(lambda.busy).toEqual(['api']);
    await run();
    expect((await Promise.all(results)).every(({ ok }) => ok)).toBe(true);
    expect(most).toBe(3);
    expect(running.size).toBe(3);
    expect(lambda.busy).toEqual([]);
    expect(lambda.invocations.get('api')).toBe(20);
  });

  it('uses several warm instances in turn, also for calls one after the other', async () => {
    const { invoke } = lambdaOf(echo, { max: 3 });
    const used: string[] = [];
    for (let call = 0; call < 60; call += 1) used.push((await invoke()).instance);
    expect(new Set(used)).toEqual(new Set(['api#1', 'api#2', 'api#3']));
  });

  it('ends instances that are idle for minutes', async () => {
    const { invoke, world, run } = lambdaOf(echo, { max: 1 });
    const composed = await invoke();
    world.time.after(601_000, () => {});
    await run();
    expect((await invoke()).instance).not.toBe(composed.instance);
    expect(world.trace.lines.join('\n')).toContain('ends, after it was idle');
  });

  it('uses both versions during a rolling deployment, and only the next one after it', async () => {
    const forMs = 600_000;
    const versionOf: Compose = (instance) => async () => instance.version;
    const { invoke, world, run } = lambdaOf(versionOf, {
      faults: [{ kind: 'rolling-deploy', fromMs: 0, forMs, readersFirst: false }],
      max: 4,
    });
    const used: [number, unknown][] = [];
    while (world.elapsedMs < 2 * forMs) {
      const atMs = world.elapsedMs;
      const answer = await invoke();
      used.push([atMs, answer.ok && answer.result]);
      world.time.after(10_000, () => {});
      await run();
    }
    const during = used.filter(([atMs]) => atMs < forMs).map(([, version]) => version);
    const after = used.filter(([atMs]) => atMs > forMs).map(([, version]) => version);
    expect(new Set(during)).toEqual(new Set(['current', 'next']));
    expect(new Set(after)).toEqual(new Set(['next']));
  });

  it('lets the earlier version finish what it works on when a deployment ends', async () => {
    const slow: Compose = (instance) => async () => {
      await instance.effects.delay(20_000);
      return instance.version;
    };
    const fault: Fault = { kind: 'rolling-deploy', fromMs: 10_000, forMs: 1, readersFirst: false };
    const { lambda, world, run } = lambdaOf(slow, { faults: [fault], max: 2 });
    const first = lambda.invoke('api', {});
    world.time.after(15_000, () => lambda.invoke('api', {}));
    await run();
    expect(await first).toMatchObject({ ok: true, result: 'current' });
  });
});
