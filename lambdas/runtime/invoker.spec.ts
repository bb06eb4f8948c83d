import { expect, it } from '@jest/globals';
import { standardAttributes } from '../../schema/tracing.ts';
import { type Description, type Invocation, noTracing, type Tracing } from '../tracing/tracing.ts';
import { invoker } from './invoker.ts';

const invocation: Invocation = {
  name: 'process todo',
  kind: 'consumer',
  attributes: { [standardAttributes.faasInvocationId]: 'id' },
};

/** A process that notes the spans of its invocations. */
function newProcess() {
  const noted: (Invocation | Description | 'flush' | 'end')[] = [];
  const tracing: Tracing = {
    ...noTracing,
    invocation: async (span, run) => {
      noted.push(span);
      return run().finally(() => noted.push('end'));
    },
    describe: (description) => void noted.push(description),
  };
  return { noted, invoke: invoker(tracing, { flush: () => void noted.push('flush') }) };
}

it('the first invocation of a process is a cold start, whatever its outcome', async () => {
  const { noted, invoke } = newProcess();
  await expect(invoke(invocation, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await invoke(invocation, async () => undefined);
  const withStart = (isCold: boolean) => ({
    ...invocation,
    attributes: { ...invocation.attributes, 'faas.coldstart': isCold },
  });
  expect(noted).toEqual([withStart(true), 'end', 'flush', withStart(false), 'end', 'flush']);
});

it('a batch of which a part comes again is a failure, while its span is open', async () => {
  const { noted, invoke } = newProcess();
  const response = { batchItemFailures: [{ itemIdentifier: 'm1' }] };
  expect(await invoke(invocation, async () => response)).toBe(response);
  expect(noted.slice(1)).toEqual([{ error: 'batch-item-failures' }, 'end', 'flush']);
});

it.each([
  [undefined],
  [null],
  [[]],
  ['text'],
  [{}],
  [{ batchItemFailures: [] }],
  [{ batchItemFailures: 'm1' }],
])('the result %j is no failure', async (result) => {
  const { noted, invoke } = newProcess();
  expect(await invoke(invocation, async () => result)).toBe(result);
  expect(noted.slice(1)).toEqual(['end', 'flush']);
});
