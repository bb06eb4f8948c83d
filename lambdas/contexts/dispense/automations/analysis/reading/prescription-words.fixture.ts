import fc from 'fast-check';

/** Words of prescriptions, and marks that parsers stumble over. */
const words =
  `Amoxicillin Ibuprofen Wartarin Methotrexate Co-amoxiclav Zzyzx 500 21 0.5 ,125 50 000 1½ 5-325 100/12.5 mg mcg µg ml g units % /5 in per
tablets tab. capsules inhaler oral suspension eye drops cream injection Qty: Disp- #30 x 28 St refills R-3 Sig: take one two every 8 hours three times
daily once A WEEK for 7 days if needed max then or to 1-0-1 bei Bedarf Patient: Dr Smith 3 Mill Lane Allergies: none STOPPED Stopped: allergic to
previously on Medications Drug Strength Directions | - • 1. 2) #1 ( ) [ ] , ; : . 0 … \u{1F48A} \uD800 \u202E \uFEFF ä كل 7 mmol/L HbA1c BP 130/80`.split(
    /\s+/,
  );

const word = fc.constantFrom(...words);

/** Texts of lines of such words, and any other texts. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 500 }),
  fc
    .array(fc.oneof(word, fc.constantFrom('\n', '  ', '\t')), { maxLength: 120 })
    .map((parts) => parts.join(' ')),
  fc.array(word, { maxLength: 60 }).map((parts) => parts.join('')),
);
