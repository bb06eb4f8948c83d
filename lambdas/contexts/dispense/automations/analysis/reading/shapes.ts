import { hasDose, namesDrug } from './clinical.ts';
import { isOnlyResults, isPlace, labelled, personLabel } from './furniture.ts';
import { wordSet } from './patterns.ts';
import { withoutPlainNumbers } from './plain-numbers.ts';

/**
 * Words of an order, a condition or a doubt. A line with one of them is never furniture, whatever label it has: "Patient to take half only", "Void",
 * "Date: not before 12/12/2026".
 */
const alarms = wordSet(`
stop stops stopped stopping hold holding held pause paused void cancel cancelled canceled not never don't cannot cease ceased
instead unless if only half halve halved quarter double doubled increase increased increasing reduce reduced reducing decrease decreased change changed changes was were
consider query inactive denied denies suspended nil awaiting await pending draft copy duplicate specimen sample invalid valid expired wrong error ignore delete deleted rejected reject refused
declined stock supplied supply supplies dispense dispensed dispensing collected veterinary vet cat dog pet wife husband skip omit without except alternatively alternative available option own information
given giving administered past previous previously historic historical former taking takes take taken give apply use using inhale inject swallow insert interaction interactions avoid until before after when
every each deceased overleaf continued continue continues second third another extra both same more less owing buy bought needed required directed once twice weekly monthly daily nightly fortnightly alternate
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays morning mornings evening evenings bedtime night nights noon midday
supervised consumption dialysis prn stat enough intolerant intolerance resume restart restarted start started new now begin again replace replaced switch switched wean taper titrate overdose angioedema
pregnant delayed void'd crossed entered transfer transferred exempted likely possibly probably perhaps maybe or either nor however but
abgesetzt nicht nur pausiert wenn arrêt arrêter arrêté diminuer augmenter seulement lundi mardi mercredi jeudi vendredi samedi dimanche matin soir midi montags dienstags mittwochs donnerstags freitags samstags sonntags`);

/** True if a text has a word of an order, a condition or a doubt, or a question mark. */
export const isAlarming = (text: string) =>
  text.includes('?') || wordsOf(text).some((word) => alarms.has(word.toLowerCase().replace('’', "'")));

const wordsOf = (text: string) => text.split(/[^\p{L}'’]+/u).filter((word) => word !== '');

/** Small words between the capitalised ones of names, addresses and titles. */
const small = wordSet(`
of the and at on in for to by with no st nd rd th am pm yrs yr years year old months month y yo y.o y/o kg cm lb lbs st mmhg bpm m f male female de la le du des der die das den van von am im né née geb
number nhs care letter list prescription printed discharge summary clinic ward unit practice surgery hospital department name code tel phone fax page date ref stamp title forename surname address
doctor prescriber signature room bed outpatient inpatient patient record form report emergency admission discharged admitted med known none drug allergies allergy www com org uk net http https email born age aged sex age aged sex
electronically signed by authorised authorized prepared verified checked digitally entered pharmacist physician nurse rue avenue street road lane registered`);

/** Only capitalised words, numbers, dates and small words: a name, an address, a title, a number of a register. */
export function isProper(text: string): boolean {
  return text
    .split(/[\s/&,;:|()[\]"“”]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .every(
      (word) =>
        word === '' || /^\p{Lu}|\d|^['’]\p{Lu}|@|^\p{L}\.?$/u.test(word) || small.has(word.toLowerCase()),
    );
}

/** Labels whose value is a sentence of the record: a diagnosis, advice. */
const freeLabel =
  /^[^\p{L}\p{N}]{0,9}(?:c\/o|complaints?|chief complaint|presenting complaint|o\/e|dx|(?:primary )?diagnos[ie]s|impression|problems?|operation|procedure|reason for (?:admission|visit)|adv|advice|pmh|past medical history|allergies|allergy|examination|investigations|wt|weight|follow[ -]?up|review|f\/u|next (?:visit|review|appointment))(?:$|[ :.-])/iu;

/** The value without what is harmless in this kind of line: surnames, and when to come back. */
function plainOf(text: string, value: string): string {
  if (personLabel.test(text))
    return value.replace(/(?<!\p{L})(?:Sample|Specimen|Second|Past|Day|Noon)(?!\p{L})/gu, ' ');
  return freeLabel.test(text)
    ? value.replace(/\b(?:after|in|within|x|for) \d{1,2}(?:-\d{1,2})? (?:days?|weeks?|months?)\b/gi, ' ')
    : value;
}

/**
 * True for a line that is about people, places, dates or the document itself, and in all of its words has the shape of such a line. `isInside`: it stands below a drug whose lines have not ended. There,
 * a line of names without a label can be a part of the directions.
 */
export function isFurniture(text: string, isInside: boolean): boolean {
  if (isOnlyResults(text)) return true;
  const rest = withoutPlainNumbers(text);
  // Two dates below a drug are from when to when it is taken.
  if (isInside && /\d[/.-]\d+[/.-]\d+\D+\d+[/.-]\d/.test(text)) return false;
  if (!/[\p{L}\p{N}]/u.test(rest)) return !isInside || /[/-]\d{2,4}[^\d]*$|^\W*\d{2}[/.-]\d|\d{5}/.test(text);
  const label = labelled.exec(text)?.[0];
  const value = label === undefined ? rest : withoutPlainNumbers(text.slice(label.length));
  if (/^[ :]{0,3}(?:not required|n\/a|not applicable|none|nil)$/i.test(value)) return label !== undefined;
  if (isAlarming(plainOf(text, value)) || hasDose(value)) return false;
  if (!personLabel.test(text) && namesDrug(rest)) return false;
  if (freeLabel.test(text)) return !/\d/.test(plainOf(text, value)) || /^\W*(?:wt|weight)/i.test(text);
  if (label !== undefined)
    return (
      isProper(value) &&
      !/\d-\d-\d/.test(value) &&
      (/^\W*(?:page|sheet)/i.test(text) || !/^[ :]*\d (?:of|at) /.test(value))
    );
  if (isPlace(text) || isInside) return isPlace(text) && isProper(text);
  return isProper(text) || /^\p{Lu}[\p{L} ]{2,30}: ?[^ ]/u.test(text);
}
