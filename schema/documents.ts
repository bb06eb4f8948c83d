/**
 * The tag that the bucket's lifecycle rule (`lib/`) and the document store (`lambdas/`) agree on. `uploaded`: no event
 * refers to the document yet, and it is deleted after some days. `kept`: an event refers to it.
 */
export const documentTag = { key: 'state', uploaded: 'uploaded', kept: 'kept' } as const;
