/**
 * Names that the bucket's lifecycle rule (`lib/`) and the document store (`lambdas/`) must agree on: the tag that tells
 * a document no event speaks of yet, which is swept after some days, from one that is kept.
 */
export const documentTag = { key: 'state', uploaded: 'uploaded', kept: 'kept' } as const;
