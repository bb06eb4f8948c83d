import type { Analysis } from './prescription-analyzer.ts';

/** A reading of one drug, of which all is certain. */
export const certainReading: Analysis = {
  analyzer: 'embedded',
  confidence: 1,
  drugs: [
    {
      name: 'Drug',
      strength: '1 mg',
      form: 'tablet',
      quantity: 28,
      directions: 'take daily',
      quantityIsDerived: false,
      confidence: { name: 1, strength: 1, form: 1, quantity: 1, directions: 1 },
      doubts: [],
    },
  ],
  setAside: [],
  notUnderstood: [],
  notUnderstoodMore: 0,
  doubts: [],
};

/** The drug of {@link certainReading}. */
export const [certainDrug] = certainReading.drugs as [Analysis['drugs'][number]];
