import { UserError } from '../../user-error.ts';

type Properties = Readonly<Record<string, unknown>>;

/** @throws {UserError} when the template leaves it out. */
export function requiredText(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UserError(`The template has a resource without its ${name}.`);
}

export function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
}

/** CloudFormation takes numbers as text too. */
export function optionalNumber(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  return value === undefined ? undefined : Number(value);
}

export function optionalRecord(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  return typeof value === 'object' && value !== null ? (value as Properties) : undefined;
}

/** The properties of these names that are there. */
export function pick(properties: Properties, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => name in properties).map((name) => [name, properties[name]]),
  );
}
