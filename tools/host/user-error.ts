/** A mistake that a person can put right: shown as one line that says how, without a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The message of anything thrown. Errors from elsewhere, as other threads, are told by their shape. */
export function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown
    ? String(thrown.message)
    : String(thrown);
}
