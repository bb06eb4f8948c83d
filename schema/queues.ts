/**
 * Number of deliveries of a message to an automation before it moves to the failure queue. The queue (`lib/`) counts them.
 * A consumer (`lambdas/`) may handle the last one differently.
 */
export const maxReceives = 5;

/**
 * The same for a projector. It parks what it cannot handle, so a message comes again in an outage only. The queue delivers
 * it every 6 minutes: for 23 hours, as streams do.
 */
export const projectorMaxReceives = 230;
