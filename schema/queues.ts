/**
 * How often a work queue offers a message before it goes to the failure queue: the queue (`lib/`) counts them, and a consumer
 * (`lambdas/`) may do on the last try what people have to know.
 */
export const maxReceives = 5;
