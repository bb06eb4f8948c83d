/** The environment variables of a function. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a required variable. Throws an error that names the variable if it is not set. */
export function requireEnv(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set. The stack sets it for every function that needs it.`,
    );
  }
  return value;
}

/** The value of a required variable as a whole number of at least 1. Otherwise throws an error with its name and value. */
export function requirePositiveInteger(env: Environment, name: string): number {
  const text = requireEnv(env, name);
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(
      `The environment variable ${name} is "${text}"; it must be a whole number of at least 1.`,
    );
  }
  return value;
}
