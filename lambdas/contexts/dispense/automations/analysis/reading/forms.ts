import { matchAt, oneOf, sticky, wordEnd } from './patterns.ts';

/** Words before the noun of a form. */
const qualifiers = `
oral, film coated, gastro resistant, enteric coated, ec, e/c, g/r, modified release, mr, m/r, sr, xl, er, xr, la, cr, pr, p/r, retard
prolonged release, extended release, delayed release, slow release, sustained release, immediate release, ir, dr, 12 hr, 24 hr, 12 hour, 24 hour
chewable, dispersible, orodispersible, oro dispersible, oral disintegrating, orally disintegrating, disintegrating, odt, effervescent, soluble
sublingual, buccal, soft, hard, soft gelatin, coated, scored, sugar free, sf, s/f, low dose, dry powder, metered dose, breath actuated, cfc free
eye, ear, nasal, nose, vaginal, rectal, topical, transdermal, scalp, ophthalmic, otic, cutaneous, inhalation, nebuliser, nebulizer
pre filled, prefilled, paediatric, pediatric, powder for, solution for, suspension for, concentrate for, granules for, sterile, viscous, aqueous`;

/** The singular noun of each form, with the ways to write it. A form that counts pieces comes with "+". */
const nouns: Readonly<Record<string, string>> = {
  'tablet+':
    'tablet, tablets, tablet(s), tab, tabs, tab., tabs., tabl, tabl., tbl, tbl., tabletten, tablette, comprimé, comprimés, cp, cpr',
  'capsule+':
    'capsule, capsules, capsule(s), cap, caps, cap., caps., kapsel, kapseln, kaps, kps, gélule, gélules',
  'caplet+': 'caplet, caplets',
  'softgel+': 'softgel, softgels',
  'film-coated tablet+': 'filmtablette, filmtabletten, filmtabl, filmtabl., fta, ftbl',
  'modified-release tablet+': 'retardtabletten, ret',
  'suppository+': 'suppository, suppositories, supp, zäpfchen, suppositoire, suppositoires',
  'pessary+': 'pessary, pessaries',
  'sachet+': 'sachet, sachets, beutel',
  'lozenge+': 'lozenge, lozenges, pastille, pastilles',
  'patch+': 'patch, patches, pflaster',
  'ampoule+': 'ampoule, ampoules, amp, amps, ampul, ampule, ampules, ampulle, ampullen',
  'vial+': 'vial, vials',
  'pen+': 'pen, pens, kwikpen, flexpen, solostar, autoinjector, auto injector, injector pen',
  'syringe+': 'syringe, syringes',
  'cartridge+': 'cartridge, cartridges, penfill',
  'inhaler+':
    'inhaler, inhalers, evohaler, turbohaler, accuhaler, easyhaler, respimat, handihaler, ellipta, autohaler, hfa, mdi',
  'nebule+': 'nebule, nebules',
  solution: 'solution, soln, lösung',
  suspension: 'suspension, susp, susp.',
  syrup: 'syrup, syr, syp, syp., sirup, sirop',
  elixir: 'elixir',
  linctus: 'linctus',
  liquid: 'liquid',
  drops: 'drops, drop, gtt, tropfen, gouttes, goutte, eyedrops',
  cream: 'cream, creme, crème',
  ointment: 'ointment, oint, oint., salbe, pommade',
  gel: 'gel',
  lotion: 'lotion',
  foam: 'foam',
  shampoo: 'shampoo',
  spray: 'spray, nasenspray',
  injection: 'injection, injections, inj, inj.',
  infusion: 'infusion',
  granules: 'granules',
  powder: 'powder',
  enema: 'enema, enemas',
  mouthwash: 'mouthwash',
  paste: 'paste',
  gum: 'chewing gum, gum',
  film: 'film, films',
};

const pieces = 'tablet capsule caplet softgel suppository pessary sachet lozenge'.split(' ');

const nounOf = new Map<string, string>();
const countable = new Set<string>();
for (const [key, written] of Object.entries(nouns)) {
  const noun = key.replace('+', '');
  if (key.endsWith('+')) countable.add(noun);
  for (const way of written.split(',')) nounOf.set(way.trim(), noun);
}

const nounSource = oneOf([...nounOf.keys()].join(','));
const suffix =
  '(?: for (?:injection|infusion|inhalation|oral use|oral suspension|oral solution|subcutaneous injection))?(?:,? cfc[- ]free)?(?:,? sugar[- ]free)?';
const formSource = `((?:${oneOf(qualifiers)}[ ,]{1,2}){0,4})(${nounSource})${wordEnd}\\.?((?:[ -]${nounSource}${wordEnd}\\.?){0,2}${suffix})`;
const formHere = sticky(formSource);
const formAtEnd = new RegExp(`(?<![\\p{L}\\p{N}-])${formSource} ?$`, 'iu');
const qualifierAtEnd = new RegExp(`(?<=[ ])(?:${oneOf(qualifiers)} ?)$`, 'iu');

/** A form in a text. */
export interface FoundForm {
  readonly start: number;
  readonly end: number;
  /** The form with its qualifiers and its full noun: "gastro-resistant tablet". */
  readonly form: string;
}

/** The form that begins exactly here. */
export function formAt(text: string, at: number): FoundForm | undefined {
  const found = matchAt(formHere, text, at);
  return found && toForm(found);
}

/** The form at the end of a text. */
export function formBefore(text: string): FoundForm | undefined {
  const found = formAtEnd.exec(text);
  return found ? toForm(found) : undefined;
}

/** True if the text ends with a word that only belongs before a form: "oral". */
export const endsWithQualifier = (text: string) => qualifierAtEnd.test(text);

function toForm(found: RegExpExecArray): FoundForm {
  const [all, before = '', noun = '', after = ''] = found;
  const words = before.toLowerCase().replaceAll(',', '').trim();
  const name = nounOf.get(noun.toLowerCase()) ?? noun.toLowerCase();
  const rest = after.trim().toLowerCase().replace(/\.$/, '');
  const last = nounOf.get(rest.replace(/^[ -]/, '')) ?? rest;
  const form = [words, name, last === name ? '' : last].filter((part) => part !== '').join(' ');
  return { start: found.index, end: found.index + all.trimEnd().length, form };
}

/** The noun that a single word means: "tabs" is "tablet". Undefined for a word that is no form. */
export function nounOfWord(word: string): string | undefined {
  const lower = word.toLowerCase();
  return nounOf.get(lower) ?? nounOf.get(lower.replace(/\.$/, ''));
}

/** True for a form that is taken in whole pieces: a course of it has a number of them. */
export const isSolid = (form: string) => pieces.some((piece) => form.endsWith(piece));

/** True for a form of which a number can be handed over. */
export const isCountable = (form: string) => [...countable].some((noun) => form.endsWith(noun));

/** The noun without qualifiers: "gastro-resistant tablet" is "tablet". */
export const bareNoun = (form: string) => form.split(/[ -]/).at(-1) ?? form;
