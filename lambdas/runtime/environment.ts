/** What a function reads of its environment: each name required, with the name in the error where it is missing. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable that the function cannot work without. Throws naming it. */
export function requireEnv(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set; the stack sets it for every function that needs it.`,
    );
  }
  return value;
}

/** A whole number of at least 1. Throws naming the variable and what it holds. */
export function requirePositiveInteger(env: Environment, name: string): number {
  const text = requireEnv(env, name);
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(
      `The environment variable ${name} is "${text}"; it has to be a whole number of at least 1.`,
    );
  }
  return value;
}
