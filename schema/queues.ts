/**
 * Number of deliveries of a message before it moves to the failure queue. The queue (`lib/`) counts them. A consumer
 * (`lambdas/`) may handle the last one differently.
 */
export const maxReceives = 5;
