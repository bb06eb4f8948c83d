import * as z from 'zod';
import { aggregateIdPattern } from '../kernel/index.ts';

/** The id of an aggregate, of any category. */
export const aggregateIdSchema = z
  .string()
  .regex(aggregateIdPattern, {
    error: 'An id is 1 to 64 letters, digits, "_" or "-", and begins with a letter or digit.',
  })
  .meta({ description: 'Logs may name it, so it must not be personal data.' });

/** A version of a stream: a whole number from 1. */
export const versionSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, { error: 'Expected the number of a version: 1, 2, 3 ...' })
  .transform(Number);

/** An instant with its time zone, parsed to ISO 8601 in UTC with ms. Parsed instants compare as text. */
export const instantSchema = z.iso
  .datetime({
    offset: true,
    error:
      'Expected an instant with its time zone, such as "2027-01-31T12:00:00Z" (in a query, write "+" as "%2B").',
  })
  .transform((instant) => new Date(instant).toISOString())
  // The text of other years begins with a sign and does not sort correctly.
  .refine((instant) => /^\d{4}-/.test(instant), {
    error: 'Expected an instant in the years 0 to 9999 in UTC.',
  });

/**
 * One line of text. It is trimmed and normalized (NFC) before its length is checked, so a key that contains it is bounded.
 * `maxChars`: in UTF-16 code units.
 *
 * Refused, because two texts that look the same should be the same, and because a text should not change the text around it:
 * - control characters, line and paragraph separators;
 * - all characters that only set the direction of text. Overrides and isolates can also reverse what follows. Marks (LRM, RLM)
 *   are harmless but invisible: a name that begins with one is not found by what a person types. Letters of Arabic and Hebrew
 *   have their direction without marks;
 * - unpaired surrogates and noncharacters, which have no meaning and sort after every other text;
 * - text without any visible character.
 */
export const textSchema = (maxChars: number) =>
  textWith(maxChars, '[^\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Bidi_Control}\\p{Noncharacter_Code_Point}]');

/** Like {@link textSchema}, but it may have several lines and tabs. */
export const linesSchema = (maxChars: number) =>
  textWith(maxChars, '(?:[^\\p{Cc}\\p{Cs}\\p{Bidi_Control}\\p{Noncharacter_Code_Point}]|[\\r\\n\\t])');

function textWith(maxChars: number, character: string) {
  return (
    z
      .string()
      .trim()
      .normalize('NFC')
      .min(1)
      .max(maxChars)
      .regex(new RegExp(`^${character}*$`, 'u'), {
        error:
          'Text cannot have control characters, direction characters, unpaired surrogates or noncharacters.',
      })
      // U+2800 is a braille pattern without dots.
      .regex(/[^\p{Cf}\p{Z}\s\p{Default_Ignorable_Code_Point}\u2800]/u, {
        error: 'Text must have at least one visible character.',
      })
  );
}

const firstBirthDate = '1900-01-01';

/** A birth date: a day from 1900-01-01 on, as YYYY-MM-DD. It may be in the future: that depends on the time of the command. */
export const birthDateSchema = z.iso
  .date({ error: 'Expected a day of the calendar, such as "1984-02-29".' })
  .refine((day) => day >= firstBirthDate, { error: `Expected ${firstBirthDate} or a later day.` })
  .meta({ description: `From ${firstBirthDate} to the latest day that any time zone (UTC+14) has now.` });
