/**
 * Deliveries of a message before it moves to the failure queue. The queue (`lib/`) counts them; a consumer (`lambdas/`)
 * may act differently on the last one.
 */
export const maxReceives = 5;
