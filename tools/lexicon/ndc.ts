import { normalName, withoutSalt } from './names.ts';

/** A product of the NDC Directory. */
export interface Product {
  readonly brand: string;
  readonly generic: string;
  /** Without their salts. */
  readonly substances: readonly string[];
  /** As written in the directory, with their salts. */
  readonly salts: readonly string[];
  /** One for each substance, such as "500" (mg), "/80" (mg per ml or g), "u/100" (units per ml), "q10" (mEq). Empty: unclear. */
  readonly strengths: readonly string[];
  /** It is no tablet and no capsule: its strengths say nothing of these. */
  readonly isOtherForm: boolean;
}

/** Reads `product.txt` of the NDC Directory: human drugs with an approval or a prescription, without homeopathy and allergens. */
export function* readNdc(text: string): Generator<Product> {
  const [header = '', ...lines] = text.split(/\r?\n/);
  const columns = header.split('\t');
  for (const line of lines) {
    const cells = line.split('\t');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    const isPrescription = /^(?:HUMAN PRESCRIPTION DRUG|VACCINE|PLASMA DERIVATIVE)$/.test(
      cell('PRODUCTTYPENAME'),
    );
    const isApproved = /^(?:NDA|ANDA|BLA)/.test(cell('MARKETINGCATEGORYNAME'));
    const isLeftOut = /HOMEOPATHIC|ALLERGEN/i.test(cell('MARKETINGCATEGORYNAME') + cell('PHARM_CLASSES'));
    const isOverTheCounter = cell('PRODUCTTYPENAME') === 'HUMAN OTC DRUG' && isApproved;
    if (isLeftOut || !(isPrescription || isOverTheCounter)) continue;
    const salts = cell('SUBSTANCENAME')
      .split(';')
      .map(normalName)
      .filter((name) => name !== '');
    yield {
      brand: normalName(cell('PROPRIETARYNAME')),
      generic: normalName(cell('NONPROPRIETARYNAME')),
      salts,
      substances: salts.map(withoutSalt),
      isOtherForm: !/TABLET|CAPSULE|CAPLET|KIT/i.test(cell('DOSAGEFORMNAME')),
      strengths: strengthsOf(cell('ACTIVE_NUMERATOR_STRENGTH'), cell('ACTIVE_INGRED_UNIT'), salts.length),
    };
  }
}

function strengthsOf(numbers: string, units: string, count: number): string[] {
  const amounts = numbers.split(';').map((number) => Number(number));
  const measures = units.split(';').map((unit) => unit.trim());
  if (amounts.length !== count || measures.length !== count) return [];
  return amounts.map((amount, index) => strengthText(amount, measures[index] ?? ''));
}

/** The amount in mg, in units, or as a rate of these per ml or g. Empty for other measures. */
function strengthText(amount: number, measure: string): string {
  const [, unit = '', size = '', of = ''] =
    /^(mg|g|ug|mcg|\[iU\]|\[USP'U\]|meq)\/([\d.]*)(.*)$/.exec(measure) ?? [];
  const value = unit === 'g' ? amount * 1_000 : unit === 'ug' || unit === 'mcg' ? amount / 1_000 : amount;
  if (unit === '' || !Number.isFinite(value) || value <= 0) return '';
  const mark = /iU|USP/.test(unit) ? 'u' : unit === 'meq' ? 'q' : '';
  const rate = of === 'mL' || of === 'g' ? '/' : '';
  return `${mark}${rate}${round(rate === '' ? value : value / (Number(size) || 1))}`;
}

const round = (value: number) => Number(value.toPrecision(4)).toString();
