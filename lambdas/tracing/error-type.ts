const typePattern = /^[\w.:#/-]{1,100}$/;

/** The value of `error.type` for something that was thrown: its code or its name, never its message. */
export function errorTypeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const { code } = thrown as { code?: unknown };
  return validErrorType(typeof code === 'string' ? code : thrown.name);
}

/** A name of an error as it is shown: what is not a name, as a sentence, is replaced. */
export function validErrorType(name: string): string {
  return typePattern.test(name) ? name : 'Error';
}
