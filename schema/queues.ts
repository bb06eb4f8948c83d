import type { QueueName } from './contexts.ts';

/** Number of deliveries of a message to an automation that fails, before the message moves to the failure queue. */
const automation = 5;

/**
 * The same for the analyzer of prescriptions. It sends a message again itself when a fault passes, so the queue delivers again only
 * what it did not survive: a document that uses up time or memory kills the function twice, and not five times.
 */
const analysis = 2;

/**
 * The same for the eraser. The queue delivers every 6 minutes: for two hours, in which most outages pass. Then a person looks at it: an
 * erasure has a time limit by law.
 */
const erasures = 20;

/**
 * The same for a projector. It parks what it cannot handle, so a message comes again in an outage only. The queue delivers
 * it every 6 minutes: for 23 hours, as streams do.
 */
const projector = 230;

/** Deliveries of a message before the queue moves it to its failure queue. */
export const maxReceives: Readonly<Record<QueueName, number>> = {
  todo: projector,
  analysis,
  segments: automation,
  persons: automation,
  erasures,
  findings: automation,
  // SQS counts the deliveries of a message in all queues together: this one gives it five more.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (ApproximateReceiveCount)
  unread: analysis + automation,
};
