import { analysisLinesMaxChars } from './automations/analysis/prescription-analyzer.ts';
import { canBeRecorded } from './automations/analysis/reading-size.ts';
import { type DispenseCommand, drugsMaxCount } from './domain/dispense.ts';
import { pagesMaxCount } from './domain/prescription.ts';
import type { AnalysisReading } from './domain/trust.ts';

/** Drugs of the documented greatest lengths, all of this character. Of a three-byte character, they have 138 KB. */
export function largestDrugs(character: string) {
  return Array.from({ length: drugsMaxCount }, () => ({
    name: character.repeat(200),
    strength: character.repeat(100),
    form: character.repeat(100),
    quantity: 100_000,
    directions: character.repeat(500),
  }));
}

/** A reading with parts of the greatest lengths: as many drugs, with as many doubts, as can be recorded. */
export function largestReading(character: string): AnalysisReading {
  const confidence = { name: 0.123, strength: 0.123, form: 0.123, quantity: 0.123, directions: 0.123 };
  const line = character.repeat(analysisLinesMaxChars / 2);
  const reading = (drugs: number, doubtCount: number): AnalysisReading => {
    const doubts = Array<string>(doubtCount).fill('d'.repeat(60));
    const drug = { ...largestDrugs(character)[0], quantityIsDerived: false, confidence, doubts };
    return {
      analyzer: 'embedded',
      confidence: 0.123,
      drugs: Array(drugs).fill(drug),
      setAside: [line],
      notUnderstood: [line],
      notUnderstoodMore: 1_000_000,
      doubts,
    };
  };
  let [drugs, doubts] = [drugsMaxCount, 30];
  while (doubts > 0 && !canBeRecorded(reading(drugs, doubts))) doubts -= 1;
  while (!canBeRecorded(reading(drugs, doubts))) drugs -= 1;
  return reading(drugs, doubts);
}

/** The commands of a dispense with everything of the greatest lengths, until it is ready. */
export function largestDispense(character: string, now: string): readonly DispenseCommand[] {
  const document = { sizeBytes: 4_194_304, contentType: 'application/pdf', sha256: 'a'.repeat(64) } as const;
  const pages = Array.from({ length: pagesMaxCount }, (_, index): DispenseCommand => {
    const key = String(index + 1).repeat(36);
    return { type: index === 0 ? 'UploadPrescription' : 'AddPage', key, ...document, now };
  });
  const patient = {
    name: character.repeat(200),
    birthDate: '1980-02-29',
    identifier: character.repeat(64),
    personId: 'p'.repeat(36),
  };
  return [
    { type: 'Start', now },
    { type: 'AddPatient', ...patient, now },
    ...pages,
    {
      type: 'RecordAnalysis',
      key: String(pagesMaxCount).repeat(36),
      uploadEventId: 'e'.repeat(36),
      ...largestReading(character),
    },
    { type: 'AddDrugs', drugs: largestDrugs(character), analysis: 'e'.repeat(36) },
  ];
}
