import { wordSet } from './patterns.ts';

/** Words that can begin directions. No name of a drug begins with one of them. */
const verbs = `
take takes taken taking used applied injected instilled inserted placed dissolved swallowed apply applied inhale instil instill use give given insert inject injected dissolve place put chew swallow spray mix suck rinse gargle
administer wear change replace remove rub massage drink sip sprinkle add shake chewed wash start begin commence continue reduce increase repeat
prendre appliquer inhaler nehmen einnehmen auftragen massage drop`;

/** How often, when and how long. A text with one of them looks clinical. */
const frequencies = `
daily nightly weekly fortnightly monthly hourly once twice thrice times bd bid b.d b.i.d tds tid t.d.s t.i.d qds qid q.d.s q.i.d od o.d om o.m on nocte mane
mané noct prn p.r.n sos stat hs h.s qhs qam qpm qd q.d q4h q6h q8h q12h q24h q4-6h q6-8h q3h q2h q48h q72h qod bds tdd ac pc a.c p.c morning mornings evening evenings night nights bedtime noon midday lunchtime afternoon
breakfast lunch dinner supper tea every each alternate
toutes jour fois matin midi soir coucher täglich tägl taegl taegl. tägl. morgens mittags abends nachts bedarf wöchentlich`;

const amounts = `
one two three four five six seven eight nine ten eleven twelve fourteen twenty thirty half quarter halves third single double
un une deux trois quatre eine ein einen zwei drei vier
puff puffs dose doses spoon spoonful spoonfuls teaspoon teaspoonful teaspoonfuls teaspoons tablespoon tablespoons tsp tbsp application applications spray sprays drop drops
inhalation inhalations actuation actuations pea-sized fingertip amount amounts thin layer layers small smear strip strips scoop scoops click clicks
kg ml mls mg mcg µg g gram grams microgram micrograms milligram milligrams unit units iu litre litres liter water glass glassful ounces oz
tab tabs cap caps amp inh supp total max maximum min minimum`;

const times = `
hour hours hr hrs hourly h minute minutes mins min day days d week weeks wk wks month months mth year years am pm a.m p.m time o'clock
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays mon tue tues wed thu thurs fri sat sun
january february march april may june july august september october november december today tomorrow tonight
first second third fourth last next same other later now remainder yellow book close near before after during until till between apart then following starting from within since
jours semaine semaines mois heures heure pendant repas avant après aux au tage tag wochen woche stunden vor nach zum zur essen mahlzeit mahlzeiten`;

const joining = `
a an the of in into on onto at to by with without and or for as if when while per x up only not no more than less least most about approximately is are be been was
you your yourself this that these those it its them their they one's such via over under both either any all every some other than
de la le les du des en par et ou si à pour der die das mit ohne und oder bei bis je auf in im alle
directed needed required necessary tolerated advised instructed prescribed indicated desired appropriate possible prevent until complete completed finished course gone
can could may must should need needs have has do does don't will exceed exceeding max maximum total amount regularly usual usually immediately slowly gently well thoroughly straight away exactly strictly always never
whole crushed crush broken split empty full plenty plain`;

const places = `
mouth oral orally po p.o by-mouth topical topically nasal nasally rectal rectally vaginal vaginally sublingual sublingually sl buccal subcutaneous subcutaneously sc s.c subcut sq iv i.v im i.m intramuscular
intramuscularly intravenous intravenously inhaled transdermal cutaneous ophthalmic otic pr pv pov neb nebulised nebulized nebuliser nebulizer ear ears eye eyes eyelid eyelids nostril nostrils nose tongue
cheek gum gums lip lips skin scalp hair face neck chest back arm arms upper lower outer inner abdomen thigh thighs leg legs foot feet hand hands finger fingers nail nails toe toes area areas body affected
infected left right side sides site sites clean dry intact hairless rotate spacer chamber device inhaler pen syringe rectum vagina throat stomach joint joints wound lesion lesions
bottle cap tube oreille oeil œil yeux nez bouche mund auge augen nase ohr haut`;

const reasons = `
pain pains painful headache headaches migraine fever temperature nausea vomiting sickness sick cough wheeze wheezing breathless breathlessness shortness breath asthma copd attack anxiety panic agitation sleep insomnia
allergic reaction reactions itch itching itchy rash allergy allergies hayfever spasm spasms cramps cramp constipation constipated diarrhoea diarrhea heartburn reflux indigestion acid infection inflammation swelling blood pressure
cholesterol diabetes sugar glucose thyroid depression mood angina heart failure rhythm rate fluid retention water dizziness vertigo muscle stiffness arthritis gout seizure seizures fits hypertension
severe moderate mild acute chronic chest angina symptom symptoms relief flare flares bowel motion stool stools urine bladder sore dryness prevention prophylaxis stroke clots protect bones bone eczema
psoriasis acne fungal bacterial uti strep throat sinus congestion stuffy runny bleeding wind colic teething travel hiccups restlessness secretions breakthrough nerve
douleur schmerzen schmerz fieber douleur douleurs fièvre besoin`;

const cautions = `
food foods meal meals snack snacks milk juice water alcohol drink drinks drinking drive driving sunlight sun dairy antacid antacids iron calcium zinc grapefruit fasting upright sitting standing lie lying down stay remain
finish stop unless otherwise stated doctor gp nurse clinic pharmacist prescriber hospital anticoagulant inr card plan label leaflet packet pack seek medical advice contact call return drowsiness drowsy may cause affected
operate machinery avoid discard opening open shaken shake refrigerate fridge room store keep away children used using usually dosing schedule sliding scale according titrate level levels result results tests
alternating alternate days nights morning another additional extra further second then stepwise decrease decreasing increasing taper tapering maintenance loading initial initially
now stop finished contents normal anaphylaxis catheter temp remainder above below pump injector loose bite treatment continued flat afterwards weight swish remaining
equally divided spread hrs apart sparingly liberally generously thinly soap substitute bath shower emollient moisturiser moisturizer leave off on overnight
wake waking sleeping asleep going bed getting up rising retiring standing hourly onset first sign intercourse exercise exertion activity flight
liquid solution suspension powder granules sachet sachets capsule capsules tablet tablets patch patches cream ointment gel lotion suppository suppositories pessary pessaries lozenge lozenges
injection injections oz swish spit hold seconds out measured measuring oral-syringe syringe feed feeds applicator applicatorful lather eyedrops period free interval break off cycle cycles`;

const verbWords = wordSet(verbs);
const frequencyWords = wordSet(frequencies);
const known = new Set(
  [verbs, frequencies, amounts, times, joining, places, reasons, cautions].flatMap((words) => [
    ...wordSet(words),
  ]),
);

/** True for a word that begins directions. */
export const isVerb = (word: string) => verbWords.has(word.toLowerCase());

/** True for a word that says how often. */
export const isFrequency = (word: string) => frequencyWords.has(word.toLowerCase());

/** True for a word that directions can have. */
export const isDirectionWord = (word: string) => known.has(word.toLowerCase());

/** Phrases with a negation that are plain cautions. Other negations in directions are a doubt. */
export const cautionSource =
  "(?:do not|don't|never|not|avoid|stop|nicht|ne pas)(?: to)? (?:crush|chew|break|split|exceed|drive|drink|lie|swallow|operate|use (?:heavy|any|machinery)|take (?:with|more|any|on|at the same|within)|more than|alcohol|sunlight|sun|antacids|grapefruit|milk|dairy|contact|suck|shake|freeze|refrigerate|rub|apply to|mix|stop|if|when|driving|drinking|öfter|mehr)";
