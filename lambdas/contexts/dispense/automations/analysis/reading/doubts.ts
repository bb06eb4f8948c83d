/** Why a person must look at a reading, although it has all its parts. Each code with a sentence for people. */
export const doubtTexts = {
  'hidden-text': 'The document has text that people do not see. It was not read.',
  'unreadable-part': 'A part of a page could not be read: a picture beside the text, or an annotation.',
  'unsure-encoding': 'The bytes of the text can mean other characters.',
  'several-lists': 'The document has several lists of drugs, and not all of them are to be handed over.',
  'side-by-side': 'Drugs stand beside each other: a line below can belong to each of them.',
  'several-patients': 'The document names several patients, or has several dates.',
  'missing-items': 'The document says that it has more drugs or pages than were read.',
  'incomplete-drug': 'A drug lacks its directions or its strength, and others have them.',
  'unclear-lines': 'A line of directions can belong to the drug above it or to the one below.',
  'same-substance': 'Two names are of the same substance.',
  'stated-allergy':
    'A drug to hand over is of a substance that the document states an allergy to, or sets aside.',
  'unclear-history':
    'A line says of a drug that it is stopped, refused or changed, and it is not clear which.',
  'unknown-name': 'The name is in no list of drugs: it can be misread or misspelled.',
  'unknown-strength': 'No listed product of this drug has this strength.',
  'unclear-number': 'A number has letters for digits.',
  'unclear-text': 'Words of the name, the strength, the quantity or the dose are not clearly readable.',
  'unclear-strength': 'An amount can be the strength or the dose.',
  'unclear-quantity': 'A number can be the quantity or a dose.',
  'conflicting-quantities': 'The document states different quantities.',
  'conflicting-strengths': 'The document states different strengths.',
  'conflicting-forms': 'The document states different forms.',
  'inconsistent-dose': 'The number of pieces and the amount of a dose do not agree.',
  'implausible-dose': 'A dose is so large or so frequent that a point, a unit or a word can be lost.',
  'no-count': 'The directions name pieces and not how many: the number can be lost.',
  'unfinished-directions': 'The directions end in the middle of a sentence.',
  'conflicting-directions': 'The directions say different things, or the same twice.',
  'no-strength': 'The strength is not stated, and the drug comes in several.',
  'weekly-drug': 'This drug is taken once a week, and the directions do not say so.',
  'unknown-words': 'The directions have words that are not understood.',
  'not-understood': 'A line about this drug is not understood.',
  negation: 'The directions have a negation.',
  'only-name': 'Only the drug is stated, without a quantity and directions.',
  'repeated-drug': 'Another line has the same drug in the same strength.',
  'several-drugs': 'The same line names another drug.',
  'not-in-document':
    'The document is a text, and the name, the strength or the quantity is not in it in these words.',
  'read-by-earlier-version':
    'An earlier version read the document. It guessed quantities, and passed over what it did not understand.',
} as const satisfies Record<string, string>;

/** A code of {@link doubtTexts}. */
export type Doubt = keyof typeof doubtTexts;
