import { reservedContextNames } from '../../schema/names.ts';
import { UserError } from '../host/user-error.ts';

/** The forms of a context's name that the files of a new context use. */
export interface ContextNames {
  /** As it was given: `gift-card`. The folder, the category of the streams, the entry in the catalogue. */
  readonly name: string;
  /** `GiftCard`: types and event types. */
  readonly pascal: string;
  /** `giftCard`: constants. */
  readonly camel: string;
  /** `gift card`: sentences. */
  readonly noun: string;
  /** `gift-cards`: the path of the routes. */
  readonly plural: string;
}

/** The name is a part of function names, which Lambda limits to 64 characters. */
const maxChars = 24;

/** Paths of the API that belong to no context. */
const takenPlurals = ['streams', 'healths', 'openapis'];

/**
 * The forms of a name.
 * @throws {UserError} for a name that a context cannot have.
 */
export function namesOf(name: string | undefined): ContextNames {
  if (name === undefined || !/^[a-z]{2,}[a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > maxChars) {
    throw new UserError(
      `The name of a context is a singular noun in lower-case letters, digits and "-", of 2 to ${maxChars} ` +
        `characters: npm run new:context -- reservation${name === undefined ? '' : ` (not "${name}")`}`,
    );
  }
  const words = name.split('-');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (reservedContextNames.includes(name)) {
    throw new UserError(`"${name}" is the name of a part of the system itself. Choose another name.`);
  }
  const plural = pluralOf(name);
  if (takenPlurals.includes(plural)) {
    throw new UserError(`The API already uses a path like /${name} itself. Choose another name.`);
  }
  return {
    name,
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    noun: words.join(' '),
    plural,
  };
}

function pluralOf(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** A template with its placeholders replaced: `__name__`, `__Name__`, `__camel__`, `__noun__`, `__plural__`, `__seq__`. */
export function filled(template: string, names: ContextNames, seq: number): string {
  const { name, pascal, camel, noun, plural } = names;
  const values: Readonly<Record<string, string>> = {
    name,
    Name: pascal,
    camel,
    noun,
    nouns: plural.replaceAll('-', ' '),
    plural,
    seq: String(seq),
  };
  return template.replace(/__([a-zA-Z]+?)__/g, (placeholder, key: string) => values[key] ?? placeholder);
}
