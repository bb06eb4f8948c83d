import type { Drug, ProposedDrug } from '../../../domain/events.ts';
import type { Analysis } from '../prescription-analyzer.ts';

/** The analysis of a reader that knows no more than its drugs and one confidence. */
export function readingOf(
  analyzer: Analysis['analyzer'],
  confidence: number,
  drugs: readonly Drug[],
): Analysis {
  return {
    analyzer,
    confidence,
    drugs: drugs.map((drug) => proposalOf(drug, confidence)),
    setAside: [],
    notUnderstood: [],
    notUnderstoodMore: 0,
    doubts: [],
  };
}

function proposalOf(drug: Drug, confidence: number): ProposedDrug {
  const [strength, form, directions] = [drug.strength, drug.form, drug.directions].map(stated);
  const of = (part: unknown) => (part === null ? null : confidence);
  return {
    ...drug,
    strength: strength ?? null,
    form: form ?? null,
    directions: directions ?? null,
    quantityIsDerived: false,
    confidence: {
      name: confidence,
      strength: of(strength),
      form: of(form),
      quantity: confidence,
      directions: of(directions),
    },
    doubts: [],
  };
}

function stated(part: string | null): string | null {
  return part === 'not stated' ? null : part;
}
