import {
  type Cause,
  type CausedStep,
  type Commit,
  type Observer,
  placeOfCommit,
  type Step,
  validTraceparent,
} from '../kernel/index.ts';

/** The message attribute with the W3C trace context of what sent a message. It is not in the body, because bodies are stored forms. */
const traceAttribute = 'traceparent';

/** The most bytes that {@link traceAttributes} add to a message, as SQS counts them: the name, the type and the value. */
export const traceAttributesMaxBytes = traceAttribute.length + 'String'.length + 55;

/** What Lambda delivers of a message's attributes. */
interface Attributes {
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string | undefined }>>;
}

/** The attributes of a message that is sent in a trace. Undefined: it is in none. */
export function traceAttributes(traceparent: string | undefined) {
  if (traceparent === undefined) return {};
  return { MessageAttributes: { [traceAttribute]: { DataType: 'String', StringValue: traceparent } } };
}

/** The trace context of a message. Undefined: there is none, or it is malformed. Anybody who may send to the queue sets it. */
export function traceparentOfMessage({ messageAttributes }: Attributes): string | undefined {
  return validTraceparent(messageAttributes?.[traceAttribute]?.stringValue);
}

/** A commit as the cause of an automation's step. */
export function commitCause(
  { stream, version, traceparent }: Pick<Commit, 'stream' | 'version' | 'traceparent'>,
  consumer: string,
): Cause {
  return {
    traceparent: validTraceparent(traceparent),
    details: { stream, commits: [placeOfCommit({ stream, version })], consumer },
  };
}

/**
 * Runs the step of one message, in the trace of the message. `run` gets the context for what the step commits and sends: that of the step or, if nothing is
 * traced, that of the message, so that the trace of a caller does not end here.
 */
export function stepForMessage<Result>(
  observer: Pick<Observer, 'stepFor'>,
  step: Step,
  cause: Cause,
  run: (traceparent: string | undefined, step: CausedStep) => Promise<Result>,
): Promise<Result> {
  return observer.stepFor(step, [cause], (steps) => {
    const [own] = steps as readonly [CausedStep];
    return run(own.traceparent ?? cause.traceparent, own);
  });
}
