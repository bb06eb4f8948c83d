import { drugsMaxCount } from './domain/dispense.ts';

/** Drugs of the documented greatest lengths, all of this character. Of a three-byte character, they have 138 KB. */
export function largestDrugs(character: string) {
  return Array.from({ length: drugsMaxCount }, () => ({
    name: character.repeat(200),
    strength: character.repeat(100),
    form: character.repeat(100),
    quantity: 100_000,
    directions: character.repeat(500),
  }));
}
