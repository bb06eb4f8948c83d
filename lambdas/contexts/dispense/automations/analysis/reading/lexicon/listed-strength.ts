/** An amount as the lexicon writes it: its unit ("" for mg, "u", "q" for mEq), whether it is per ml or g, its number. */
interface Amount {
  readonly unit: string;
  readonly value: number;
}

/**
 * Whether a written strength is among those that are listed. Undefined: none with such a unit is listed, or what is written is no plain
 * strength. `isCombination`: the listed ones have an amount for each drug, and so must the written one.
 */
export function isListed(
  written: string,
  listed: readonly string[],
  isCombination: boolean,
  form?: string,
): boolean | undefined {
  const isPieces = form !== undefined && /(?:tablet|capsule|caplet|softgel)$/.test(form);
  if (isPieces && / ?(?:\/|per|in) ?[\d.]* ?ml$/i.test(written)) return false;
  const kept = isPieces
    ? listed.filter((one) => !one.startsWith('i'))
    : listed.map((one) => one.replace(/^i/, ''));
  const amounts = amountsOf(written) ?? ratioOf(written);
  if (!amounts || listed.length === 0) return undefined;
  return isAmong(amounts, kept, isCombination, isPieces);
}

function isAmong(
  amounts: readonly Amount[],
  listed: readonly string[],
  isCombination: boolean,
  isPieces: boolean,
): boolean | undefined {
  if (isCombination) {
    const sets = listed.map((one) => one.split('+').map(listedAmount));
    const comparable = sets.filter((set) => set.some(({ unit }) => unit === amounts[0]?.unit));
    if (comparable.length === 0) return undefined;
    return comparable.some((set) => isSameSet(amounts, set));
  }
  const single = listed.map(listedAmount);
  // A list or a range: several products, or a dose.
  if (amounts.length > 1) return false;
  const isUnitListed = amounts.every((amount) => single.some(({ unit }) => unit === amount.unit));
  // Tablets of a drug that is listed for injection only.
  const isInUnits = single.every(({ unit }) => unit.startsWith('u'));
  if (!isUnitListed) return (isPieces && amounts[0]?.unit === '') || isInUnits ? false : undefined;
  return amounts.every((amount) => single.some((other) => isSame(amount, other)));
}

/** "30/500", "25-100": the amounts of a combination in mg. */
function ratioOf(written: string): Amount[] | undefined {
  if (!/^\d+(?:[.,]\d+)?(?: ?[/-] ?\d+(?:[.,]\d+)?){1,2}$/.test(written)) return undefined;
  return written.split(/[/-]/).map((number) => ({ unit: '', value: numberOf(number) }));
}

function isSameSet(amounts: readonly Amount[], set: readonly Amount[]): boolean {
  if (amounts.length !== set.length) return false;
  const left = [...set];
  for (const amount of amounts) {
    const at = left.findIndex((other) => isSame(amount, other));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}

/** True for the total of a combination: "480 mg" is 80 mg and 400 mg. */
export function isTotal(written: string, listed: readonly string[]): boolean {
  const [amount, ...others] = amountsOf(written) ?? [];
  if (amount?.unit !== '' || others.length > 0) return false;
  return (
    listed
      .map((one) => one.split('+').map(listedAmount))
      .filter((set) => set.length > 1 && set.every(({ unit }) => unit === ''))
      // Exactly: 325 mg of 325 + 2.5 is the first amount, and the second is lost.
      .some((set) => Math.abs(amount.value - set.reduce((total, { value }) => total + value, 0)) < 0.01)
  );
}

/** Lists round: 11.4 and 11.43. */
const isSame = (one: Amount, other: Amount) =>
  one.unit === other.unit && Math.abs(one.value - other.value) <= other.value * 0.01;

function listedAmount(text: string): Amount {
  const [, unit = '', number = ''] = /^([uq]?\/?)(.*)$/.exec(text) ?? [];
  return { unit, value: Number(number) };
}

const amountPattern =
  /(\d[\d ,.']*|[.,]\d+|[½¼¾]) ?-?(nano ?grams?|micro ?grams?|microgrammes?|milligrams?|mcg|µg|μg|ug|mg|grams?|g|i\.?u\.?|i\.?e\.?|units?|u|meq|mmol|%)?/giu;
const rates: Readonly<Record<string, number>> = {
  ml: 1,
  millilitre: 1,
  millilitres: 1,
  milliliter: 1,
  milliliters: 1,
  g: 1,
  l: 1_000,
};

/** The amounts of a strength, in the order of its drugs. Undefined: it has another unit, or none. */
function amountsOf(written: string): Amount[] | undefined {
  const text = written.toLowerCase();
  const per =
    /(?:\/|per|in|je) ?([\d.,]*) ?(ml|millilit(?:re|er)s?|l|g|dose|puffs?|actuat(?:ion)?s?|act|sprays?|inhalations?|blister|hours?|hrs?|h)(?: ?w\/[wv])?$/.exec(
      text,
    );
  const amounts = [...(per ? text.slice(0, per.index) : text).matchAll(amountPattern)].map(
    ([, number = '', unit]) => ({ number, unit }),
  );
  const last = amounts.at(-1)?.unit;
  if (amounts.length === 0 || last === undefined) return undefined;
  const size = per ? sizeOf(per[1] ?? '', per[2] ?? '') : undefined;
  return amounts.map(({ number, unit }) => amountOf(numberOf(number), unit ?? last, size));
}

/** How many ml or g the strength is in. Undefined: it is one of a dose, a puff, an hour. */
function sizeOf(number: string, unit: string): number | undefined {
  const factor = rates[unit];
  return factor === undefined ? undefined : (number === '' ? 1 : numberOf(number)) * factor;
}

function amountOf(value: number, unit: string, size: number | undefined): Amount {
  if (unit === '%') return { unit: '/', value: value * 10 };
  const mark = /^(?:i|u)/.test(unit) && !unit.startsWith('ug') ? 'u' : /^m(?:eq|mol)/.test(unit) ? 'q' : '';
  const factor = /^(?:g|gram)/.test(unit)
    ? 1_000
    : /^nano/.test(unit)
      ? 0.000_001
      : /^(?:micro|mcg|µg|μg|ug)/.test(unit)
        ? 0.001
        : 1;
  return { unit: mark + (size === undefined ? '' : '/'), value: (value * factor) / (size ?? 1) };
}

/** "5,000" and "50 000" are thousands, "0,075" is a fraction. */
function numberOf(written: string): number {
  const fraction = { '½': 0.5, '¼': 0.25, '¾': 0.75 }[written];
  if (fraction !== undefined) return fraction;
  const text = written.trim().replace(/[ ']/g, '');
  if (/^[1-9]\d{0,2}(?:,\d{3})+$/.test(text)) return Number(text.replaceAll(',', ''));
  return Number(text.replace(',', '.'));
}
