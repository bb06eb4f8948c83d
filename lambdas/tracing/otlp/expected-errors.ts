/** Answers of AWS that its callers ask for: a condition that does not hold, or an object that does not exist. */
const expected = [
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
  'NoSuchKey',
  'NoSuchVersion',
  'NotFound',
];

/** True for an error of a call that does not mean that something is wrong. Lost races would otherwise export every contended command. */
export function isExpected(error: unknown): boolean {
  return error instanceof Error && expected.includes(error.name);
}
