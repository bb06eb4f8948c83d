import { seededRandom } from '../../kernel/testing/index.ts';
import { analysisLinesMaxChars } from './automations/analysis/prescription-analyzer.ts';
import { canBeRecorded } from './automations/analysis/reading-size.ts';
import { type DispenseCommand, drugsMaxCount } from './domain/dispense.ts';
import { pagesMaxCount } from './domain/prescription.ts';
import type { AnalysisReading } from './domain/trust.ts';

/** A text of this many UTF-16 code units. */
type TextOf = (chars: number) => string;

/** Of one character, which compression makes short. */
const repeated =
  (character: string): TextOf =>
  (chars) =>
    character.repeat(chars);

/** Of Chinese characters in no order, three bytes each: compression does not make it much shorter. The same in every run. */
export function mixedText(): TextOf {
  const random = seededRandom(7);
  return (chars) =>
    Array.from({ length: chars }, () => String.fromCodePoint(0x4e00 + Math.floor(random() * 0x5000))).join(
      '',
    );
}

/** Drugs of the documented greatest lengths. Of three-byte characters, they have 138 KB. */
export function largestDrugs(text: string | TextOf) {
  const textOf = typeof text === 'string' ? repeated(text) : text;
  return Array.from({ length: drugsMaxCount }, () => ({
    name: textOf(200),
    strength: textOf(100),
    form: textOf(100),
    quantity: 100_000,
    directions: textOf(500),
  }));
}

/** A reading with parts of the greatest lengths: as many drugs, with as many doubts, as can be recorded. */
export function largestReading(text: string | TextOf): AnalysisReading {
  const confidence = { name: 0.123, strength: 0.123, form: 0.123, quantity: 0.123, directions: 0.123 };
  const textOf = typeof text === 'string' ? repeated(text) : text;
  const [line, other] = [textOf(analysisLinesMaxChars / 2), textOf(analysisLinesMaxChars / 2)];
  const all = largestDrugs(textOf);
  const reading = (drugs: number, doubtCount: number): AnalysisReading => {
    const doubts = Array<string>(doubtCount).fill('d'.repeat(60));
    return {
      analyzer: 'embedded',
      confidence: 0.123,
      drugs: all.slice(0, drugs).map((drug) => ({ ...drug, quantityIsDerived: false, confidence, doubts })),
      setAside: [line],
      notUnderstood: [other],
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
export function largestDispense(text: string | TextOf, now: string): readonly DispenseCommand[] {
  const textOf = typeof text === 'string' ? repeated(text) : text;
  const document = { sizeBytes: 4_194_304, contentType: 'application/pdf', sha256: 'a'.repeat(64) } as const;
  const pages = Array.from({ length: pagesMaxCount }, (_, index): DispenseCommand => {
    const key = String(index + 1).repeat(36);
    return { type: index === 0 ? 'UploadPrescription' : 'AddPage', key, ...document, now };
  });
  const patient = {
    name: textOf(200),
    birthDate: '1980-02-29',
    identifier: textOf(64),
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
      ...largestReading(text),
    },
    { type: 'AddDrugs', drugs: largestDrugs(text), analysis: 'e'.repeat(36) },
  ];
}
