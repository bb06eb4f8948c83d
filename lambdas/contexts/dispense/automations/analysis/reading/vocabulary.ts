/** Forms of drugs, each with its words and abbreviations. */
const wordsOfForms: Readonly<Record<string, readonly string[]>> = {
  tablet: ['tablet', 'tablets', 'tab', 'tabs', 'tbl'],
  capsule: ['capsule', 'capsules', 'cap', 'caps'],
  'oral solution': ['solution', 'soln', 'syrup', 'elixir', 'linctus'],
  'oral suspension': ['suspension', 'susp'],
  drops: ['drop', 'drops', 'gtt'],
  cream: ['cream'],
  ointment: ['ointment', 'oint'],
  gel: ['gel'],
  lotion: ['lotion'],
  inhaler: ['inhaler', 'evohaler', 'turbohaler', 'accuhaler'],
  spray: ['spray'],
  injection: ['injection', 'inj', 'ampoule', 'ampoules', 'vial', 'vials', 'pen', 'pens'],
  patch: ['patch', 'patches'],
  suppository: ['suppository', 'suppositories', 'supp'],
  pessary: ['pessary', 'pessaries'],
  sachet: ['sachet', 'sachets'],
  lozenge: ['lozenge', 'lozenges'],
  powder: ['powder'],
};

const formOfWord = new Map(
  Object.entries(wordsOfForms).flatMap(([form, words]) => words.map((word) => [word, form] as const)),
);

/** The form that a word means. Undefined for other words. Ignores case and punctuation around the word. */
export function formOf(word: string): string | undefined {
  return formOfWord.get(bare(word));
}

/** The first words of lines with directions. No drug's name begins with one of them. */
const directionVerbs = new Set(
  'take apply inhale instil instill use give insert inject dissolve place put chew swallow spray mix sig directions one two three half'.split(
    ' ',
  ),
);

/** The first words of lines about people, places and dates, or about the patient. */
const headerWords = new Set(
  'patient name dob born birth date address dr doctor prescriber physician signature signed phone tel fax weight height age sex gender clinic hospital practice surgery pharmacy licence license dea npi nhs id allergies allergy diagnosis refill refills repeat repeats page'.split(
    ' ',
  ),
);

/** True for a word that begins directions. */
export function isDirectionVerb(word: string): boolean {
  return directionVerbs.has(bare(word));
}

/** True for a word that is not part of a drug's name. */
export function isHeaderWord(word: string): boolean {
  return headerWords.has(bare(word));
}

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A whole number from 0 to 99 in digits, or from zero to ten as a word. Otherwise undefined. */
export function numberOf(word: string): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word);
  const index = numberWords.indexOf(bare(word));
  return index < 0 ? undefined : index;
}

function bare(word: string): string {
  return word
    .toLowerCase()
    .replace(/^[^a-z]{1,9}/, '')
    .replace(/[^a-z]{1,9}$/, '');
}
