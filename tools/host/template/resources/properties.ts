import type { LocalFunction } from '../../lambda/function.ts';
import type { FunctionRegistry } from '../../lambda/registry.ts';
import { UserError } from '../../user-error.ts';

type Properties = Readonly<Record<string, unknown>>;

/** @throws {UserError} when the template does not set it. */
export function requiredText(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UserError(`the property ${name} is missing.`);
}

/** Undefined when the template does not set it. */
export function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
}

/** @throws {UserError} when `reference` is not the name or ARN of a function. */
export function functionNamed(functions: FunctionRegistry, reference: unknown): LocalFunction {
  const found = functions.find(String(reference));
  if (found !== undefined) return found;
  throw new UserError(`${reference} is not a function of the app.`);
}
