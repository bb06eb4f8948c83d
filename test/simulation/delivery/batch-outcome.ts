interface BatchResponse {
  readonly batchItemFailures?: readonly { readonly itemIdentifier?: unknown }[] | null;
}

/** The identifiers in an answer to a batch. Undefined: it has none, so everything was handled. */
export function failedIdentifiers(answer: unknown): readonly unknown[] | undefined {
  const failures = (answer as BatchResponse | null | undefined)?.batchItemFailures;
  if (failures === undefined || failures === null || failures.length === 0) return undefined;
  return failures.map(({ itemIdentifier }) => itemIdentifier);
}

/**
 * The place of the first record of a stream's batch that failed; `whole` if an identifier names none of them; undefined if all
 * were handled. See "Reporting batch item failures" in the guide of AWS Lambda.
 */
export function lowestFailed(
  batch: readonly { readonly sequenceNumber: string }[],
  answer: unknown,
): number | 'whole' | undefined {
  const identifiers = failedIdentifiers(answer);
  if (identifiers === undefined) return undefined;
  const places = identifiers.map((identifier) =>
    batch.findIndex(({ sequenceNumber }) => sequenceNumber === identifier),
  );
  const lowest = Math.min(...places);
  return lowest === -1 ? 'whole' : lowest;
}
