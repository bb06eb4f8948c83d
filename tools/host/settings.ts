import { authSettings } from './auth/issuer.ts';
import { UserError } from './user-error.ts';

/** Settings of the stage, as `-c settings=` of the CDK app takes them. */
export type StageSettings = Readonly<Record<string, unknown>>;

/** @throws {UserError} when the text is not a JSON object. */
export function parseSettings(text: string): StageSettings {
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as StageSettings;
  throw new UserError(
    `--settings must be a JSON object such as '{"cors":{"origins":["http://localhost:5173"]}}', not ${text || 'empty'}.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The settings of a host: the user's, and those of `--auth` and `--owners`.
 * @throws {UserError} when the user sets what `--auth` sets.
 */
export function hostSettings(
  settings: StageSettings = {},
  { auth = false, owners = false }: { readonly auth?: boolean; readonly owners?: boolean } = {},
): StageSettings {
  if (!auth) return settings;
  const own: StageSettings = authSettings(owners);
  const twice = Object.keys(own).filter((name) => name in settings);
  if (twice.length === 0) return { ...settings, ...own };
  throw new UserError(
    `--auth sets ${twice.join(' and ')}: leave that out of --settings, or start without --auth.`,
  );
}
