import { normalName, withoutSalt } from './names.ts';

/** Tags of the lists that show that a substance is a medicine. */
const lists = new Set(
  'WHO-DD,INN,VANDF,MART.,JAN,USP MONOGRAPH,EP MONOGRAPH,WHO-IP,ORANGE BOOK,USAN,EMA EPAR,GREEN BOOK'.split(
    ',',
  ),
);
const unlikely = /[[\]{}()+=.*'"/;:]|\d.*,|,.*\d|\d-\D.*-|\d{4,}|\d-[a-z(]|-\d+[a-z]*-|^\d/;

interface Substance {
  readonly names: Set<string>;
  readonly tags: Set<string>;
  display: string;
}

/** The names of substances in `UNII_Names.txt`, by the substance without its salt. `isUsed`: whether the NDC Directory has it. */
export function readUnii(text: string, isUsed: (substance: string) => boolean): Map<string, Set<string>> {
  const byCode = new Map<string, Substance>();
  for (const line of text.split(/\r?\n/).slice(1)) {
    const [name = '', type = '', code = '', display = ''] = line.split('\t');
    if (type === 'sys' || type === 'cd' || code === '') continue;
    const tag = / \[([^[\]]+)\]$/.exec(name);
    const substance = byCode.get(code) ?? { names: new Set(), tags: new Set(), display: '' };
    byCode.set(code, substance);
    substance.display = normalName(display);
    if (tag) substance.tags.add(tag[1] ?? '');
    const plain = normalName(tag ? name.slice(0, tag.index) : name);
    if (plain.length <= 40 && !unlikely.test(plain)) substance.names.add(plain);
  }
  return medicines(byCode, isUsed);
}

function medicines(byCode: ReadonlyMap<string, Substance>, isUsed: (substance: string) => boolean) {
  const names = new Map<string, Set<string>>();
  for (const substance of byCode.values()) {
    const base = withoutSalt(substance.display);
    const count = [...substance.tags].filter((tag) => lists.has(tag)).length;
    if (!isUsed(base) && count < 3) continue;
    if (count === 0) continue;
    const all = names.get(base) ?? new Set();
    names.set(base, all);
    for (const name of substance.names) all.add(name);
    if (!unlikely.test(substance.display)) all.add(substance.display);
  }
  return names;
}
