import { describe, expect, it } from '@jest/globals';
import { type CausedStep, silentObserver } from '../kernel/index.ts';
import { recordingObserver, traceparentIn } from '../kernel/testing/index.ts';
import {
  commitCause,
  stepForMessage,
  traceAttributes,
  traceAttributesMaxBytes,
  traceparentOfMessage,
} from './message-trace.ts';

const sent = traceparentIn('a');
/** A message as Lambda delivers it. */
const delivered = (stringValue?: string) => ({ messageAttributes: { traceparent: { stringValue } } });

describe('the attribute of a message', () => {
  it('has the context, and is what was sent', () => {
    const { traceparent } = traceAttributes(sent).MessageAttributes ?? {};
    expect(traceparent).toEqual({ DataType: 'String', StringValue: sent });
    expect(traceparentOfMessage(delivered(traceparent?.StringValue))).toBe(sent);
    expect(`traceparentString${sent}`).toHaveLength(traceAttributesMaxBytes);
  });

  it('is absent for a message in no trace', () => {
    expect(traceAttributes(undefined)).toEqual({});
  });

  it.each([
    ['no attributes', {}],
    ['no attributes of that name', { messageAttributes: { attempt: { stringValue: '1' } } }],
    ['a binary value', delivered()],
    ['an empty value', delivered('')],
    ['a malformed value', delivered(`${sent}-x`)],
    ['the forbidden version', delivered(sent.replace('00-', 'ff-'))],
  ])('is ignored: %s', (_, message) => {
    expect(traceparentOfMessage(message)).toBeUndefined();
  });

  it('of a later version becomes one of this version', () => {
    expect(traceparentOfMessage(delivered(`${sent.replace('00-', '01-')}-more`))).toBe(sent);
  });
});

describe('the step of a message', () => {
  const cause = commitCause({ stream: 'ledger/a', version: 2, traceparent: sent }, 'sealer');

  it('hands on its own context, and says which commit it is about', async () => {
    const { observer, take } = recordingObserver();
    const handedOn = await stepForMessage(observer, 'seal', cause, async (traceparent) => traceparent);
    expect(handedOn).toBe(traceparentIn('a', '1'));
    expect(take()[0]).toBe('1 seal [{"stream":"ledger/a","commits":["ledger/a@2"],"consumer":"sealer"}]');
  });

  it('hands on the context of the message if nothing is traced', async () => {
    const run = async (traceparent: string | undefined, step: CausedStep) => {
      step.fail('Broken');
      return traceparent;
    };
    expect(await stepForMessage(silentObserver, 'seal', cause, run)).toBe(sent);
    expect(await stepForMessage(silentObserver, 'seal', {}, run)).toBeUndefined();
  });

  it('does not hand on a malformed context', () => {
    const malformed = commitCause({ stream: 'ledger/a', version: 2, traceparent: 'x' }, 'sealer');
    expect(malformed.traceparent).toBeUndefined();
  });
});
