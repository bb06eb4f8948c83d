/** The result of `work`, or undefined if it throws. A fault of a tracer must not stop the work that it traces. */
export function faultless<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
