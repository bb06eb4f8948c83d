/** How the lexicon writes a name: small letters, one space, no marks. */
export function normalName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[®™"]/g, '')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[ ,;.]+|[ ,;.]+$/g, '');
}

const salts = new Set(
  'hydrochloride dihydrochloride hcl sodium disodium potassium calcium magnesium zinc sulfate sulphate maleate besylate besilate mesylate mesilate tartrate bitartrate succinate fumarate hemifumarate phosphate acetate citrate nitrate chloride bromide hydrobromide iodide carbonate gluconate lactate malate oxalate pamoate stearate tosylate tosilate valerate furoate propionate dipropionate decanoate enanthate cypionate palmitate benzoate monohydrate dihydrate trihydrate hemihydrate anhydrous erbumine arginine medoxomil cilexetil axetil proxetil etexilate disoproxil alafenamide lysine hyclate tromethamine edisylate napsylate xinafoate sesquihydrate pentahydrate isethionate meglumine dimesylate hydrate monosodium hemihydrochloride ditosylate camsylate aspartate'.split(
    ' ',
  ),
);
const elements = new Set(
  'sodium potassium calcium magnesium zinc iron ferrous ferric lithium ammonium aluminum aluminium copper silver barium selenium chromium manganese hydrogen nitrous'.split(
    ' ',
  ),
);

/** The substance without its salt: "albuterol sulfate" is "albuterol". Of "potassium chloride" nothing is removed. */
export function withoutSalt(name: string): string {
  const words = name.split(' ');
  while (words.length > 1 && salts.has(words.at(-1) ?? '') && !elements.has(words[0] ?? '')) words.pop();
  return words.join(' ');
}
