import type { ProposedDrug } from '../../../domain/events.ts';
import { namesOf } from './clinical.ts';
import type { Doubt } from './doubts.ts';
import { hasSeveralStrengths, longestNameAt, substancesOf } from './lexicon/lexicon.ts';

/** Doubts that only all lines and drugs together raise. `setAside`: the lines about drugs that are not to be handed over. */
export function* doubtsOfDocument(
  lines: readonly string[],
  drugs: readonly ProposedDrug[],
  setAside: readonly string[],
): Generator<Doubt> {
  if (hasSeveralPatients(lines)) yield 'several-patients';
  if (hasMissingItems(lines, drugs.length)) yield 'missing-items';
  if (hasIncompleteDrug(drugs)) yield 'incomplete-drug';
  if (hasSameSubstance(drugs)) yield 'same-substance';
  if (namesSetAsideDrug(drugs, setAside)) yield 'stated-allergy';
}

const patient =
  /(?:^|[ ,;])(?:patient(?: name)?|name of patient|pt) ?: ?(\p{L}[\p{L} .,'’-]{0,40})|^(?:mr|mrs|ms|miss|master)\.? (\p{L}[\p{L} .'’-]{1,40})/iu;
const issued = /^date ?: ?(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})/i;
const birth =
  /(?:^|[ ,;(])(?:d\.?o\.?b\.?|date of birth|born|geb\.?(?: am)?|née? le) ?:? ?(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})/giu;

/** Two patients on one page are two prescriptions. */
function hasSeveralPatients(lines: readonly string[]): boolean {
  const names = new Set<string>();
  const births = new Set<string>();
  const dates = new Set<string>();
  for (const line of lines) {
    const name = patientOf(line);
    if (name && ![...names].some((other) => other.includes(name) || name.includes(other))) names.add(name);
    for (const [, date = ''] of line.matchAll(birth)) births.add(date);
    const date = issued.exec(line)?.[1];
    if (date) dates.add(date);
  }
  return names.size > 1 || births.size > 1 || dates.size > 1;
}

function patientOf(line: string): string | undefined {
  const found = patient.exec(line);
  return (found?.[1] ?? found?.[2])
    ?.toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .replace(/ (?:dob|d o b|date of birth|age|aged|sex|born|nhs|mrn).*$/, '')
    .replace(/^(?:mr|mrs|ms|miss|master) /, '')
    .trim();
}

const items = /^\W*(?:total )?(?:number of |no\.? of )?items?(?: prescribed)? ?[:=] ?(\d{1,2})\W*$/i;
const page = /(?:page|sheet) (\d{1,2}) (?:of|\/) (\d{1,2})/i;
const overleaf = /\b(?:overleaf|continued on|p\.?t\.?o\.?|see next page|turn over)\b/i;

/** A count of drugs or pages that was not reached. */
function hasMissingItems(lines: readonly string[], drugs: number): boolean {
  const pages = lines.flatMap((line) => page.exec(line)?.slice(1, 3).map(Number) ?? []);
  const isLastMissing =
    pages.length > 0 && Math.max(...pages.filter((_, index) => index % 2 === 0)) < Math.max(...pages);
  return (
    isLastMissing ||
    lines.some((line) => overleaf.test(line) || Number(items.exec(line)?.[1] ?? drugs) !== drugs)
  );
}

/** A drug without quantity and directions beside a complete one, or without a strength although it comes in several. */
function hasIncompleteDrug(drugs: readonly ProposedDrug[]): boolean {
  const isComplete = drugs.some(({ quantity, directions }) => quantity !== null && directions !== null);
  const isBare = drugs.some(({ quantity, directions }) => quantity === null && directions === null);
  const hasStrength = drugs.some(({ strength }) => strength !== null);
  const lacksStrength = drugs.some(
    ({ name, strength, form }) =>
      strength === null && /tablet|capsule/.test(form ?? 'tablet') && hasSeveralStrengths(name),
  );
  const lacksDirections =
    drugs.some(({ directions }) => directions === null) &&
    drugs.some(({ directions }) => directions !== null);
  return (isComplete && isBare) || lacksDirections || (hasStrength && lacksStrength);
}

/** Brand and generic name on two lines are one drug. Two strengths of a drug have the same name. */
function hasSameSubstance(drugs: readonly ProposedDrug[]): boolean {
  return drugs.some((drug, index) =>
    drugs
      .slice(index + 1)
      .some(
        (other) =>
          firstWord(drug.name) !== firstWord(other.name) &&
          isSame(substancesOf(drug.name), substancesOf(other.name)),
      ),
  );
}

const firstWord = (name: string) => name.toLowerCase().split(/[ (/-]/, 1)[0];
const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  one.size > 0 && one.size === other.size && [...one].every((substance) => other.has(substance));

/** Allergies to groups of drugs. */
const groups: readonly (readonly [RegExp, RegExp])[] = [
  [/penicillin/i, /cillin|co-amoxiclav|augmentin/i],
  [/sulfa|sulpha|sulfonamide|sulphonamide/i, /sulfameth|co-trimoxazole|sulfasalazine|bactrim|septrin/i],
  [
    /nsaid|anti-inflammator/i,
    /ibuprofen|naproxen|diclofenac|celecoxib|etoricoxib|indomet|ketorolac|meloxicam|piroxicam|aspirin/i,
  ],
  [/cephalosporin/i, /^c[e]?ph|^cef/i],
  [/statin/i, /statin/i],
  [/opioid|opiate/i, /morphin|codein|oxycod|tramadol|fentanyl|buprenorphin/i],
  [/macrolide/i, /thromycin/i],
  [/quinolone/i, /floxacin/i],
];

/** A drug that is stopped or that the patient is allergic to, and is ordered all the same. */
function namesSetAsideDrug(drugs: readonly ProposedDrug[], setAside: readonly string[]): boolean {
  const aside = new Set(
    setAside.flatMap((line) =>
      namesOf(line).flatMap((at) => [...substancesOf(line.slice(at, at + longestNameAt(line, at)))]),
    ),
  );
  return drugs.some(
    ({ name }) =>
      [...substancesOf(name)].some((substance) => aside.has(substance)) ||
      groups.some(
        ([allergy, member]) =>
          member.test(name) &&
          setAside.some(
            (line) => /allerg|intoleran|sensitiv|reaction|rash|anaphyl/i.test(line) && allergy.test(line),
          ),
      ),
  );
}
