import { SpanKind } from '@opentelemetry/api';
import { ownAttributes, standardAttributes } from '../../../schema/tracing.ts';
import type { Cause, Step, StepDetails } from '../../kernel/index.ts';
import type { Attributes, AwsCall, CallResult, Invocation } from '../tracing.ts';
import type { SpanStart } from './recording.ts';

const invocationKinds = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const satisfies Record<Invocation['kind'], SpanKind>;

/** The span of an invocation. */
export function invocationSpan({ name, kind, attributes }: Invocation): SpanStart {
  return { name, kind: invocationKinds[kind], attributes: known(attributes) };
}

/** The span of a step inside another one. */
export function stepSpan(step: Step, details: StepDetails = {}): SpanStart {
  return { name: step, kind: SpanKind.INTERNAL, attributes: attributesOf(details) };
}

/** The span of a step for its causes of one trace: `publish events`, `project ledger`, or the name of the step. */
export function causedSpan(step: Step, causes: readonly Cause[]): SpanStart {
  const details = merged(causes.flatMap((cause) => cause.details ?? []));
  const about = { publish: details.destination, project: details.consumer }[step as string];
  return {
    name: about === undefined ? step : `${step} ${about}`,
    kind: step === 'publish' ? SpanKind.PRODUCER : SpanKind.CONSUMER,
    attributes: { ...attributesOf(details), ...(step === 'publish' && sending) },
  };
}

/** The span of a call of AWS. */
export function callSpan({ service, operation, attributes }: AwsCall): SpanStart {
  return { name: `${service}.${operation}`, kind: SpanKind.CLIENT, attributes: known(attributes) };
}

/** What the span of a call says when the call has ended. */
export function callAttributes({ attempts, requestId }: CallResult): Attributes {
  return { [ownAttributes.attempts]: attempts, [standardAttributes.awsRequestId]: requestId };
}

const sending: Attributes = {
  [standardAttributes.messagingOperationName]: 'publish',
  [standardAttributes.messagingOperationType]: 'send',
};

/** The attributes of a step. */
export function attributesOf(details: StepDetails): Attributes {
  return known({
    [ownAttributes.stream]: details.stream,
    [ownAttributes.commits]: details.commits,
    [ownAttributes.events]: details.events,
    [ownAttributes.consumer]: details.consumer,
    [ownAttributes.generation]: details.generation,
    [standardAttributes.messagingDestination]: details.destination,
  });
}

/** The details that several causes have together: all commits, the sum of the events, and what is the same for all. */
function merged(all: readonly StepDetails[]): StepDetails {
  const same = (key: 'stream' | 'consumer' | 'destination' | 'generation') => {
    const values = new Set(all.flatMap((details) => details[key] ?? []));
    const [value] = values;
    return values.size === 1 && value !== undefined ? { [key]: value } : {};
  };
  const commits = [...new Set(all.flatMap((details) => details.commits ?? []))];
  const events = all.flatMap((details) => details.events ?? []);
  return {
    ...{ ...same('stream'), ...same('consumer'), ...same('destination'), ...same('generation') },
    ...(commits.length > 0 && { commits }),
    ...(events.length > 0 && { events: events.reduce((sum, count) => sum + count) }),
  };
}

function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
