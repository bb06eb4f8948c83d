import {
  type Analysis,
  type PrescriptionAnalyzer,
  UnreadablePrescriptionError,
} from '../../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import type { Effects } from '../../../lambdas/kernel/index.ts';
import { drugNamed } from './commands.ts';

/**
 * The analyzer of a history. Each page is a drug that is named by its text. A page that begins with "blank" cannot be read, and one that
 * begins with "doubtful" is not understood.
 */
export function simulatedAnalyzer({ delay }: Pick<Effects, 'delay'>): PrescriptionAnalyzer {
  return {
    analyze: async (pages) => {
      await delay(200);
      const texts = pages.map(({ bytes }) => Buffer.from(bytes).toString());
      if (texts.some((text) => text.startsWith('blank'))) {
        throw new UnreadablePrescriptionError('The document is blank.');
      }
      return readingOf(texts);
    },
  };
}

function readingOf(texts: readonly string[]): Analysis {
  const notUnderstood = texts.filter((text) => text.startsWith('doubtful'));
  return {
    analyzer: 'embedded',
    confidence: notUnderstood.length === 0 ? 1 : 0,
    drugs: texts.map(proposal),
    setAside: [],
    notUnderstood,
    notUnderstoodMore: 0,
    doubts: [],
  };
}

function proposal(name: string): Analysis['drugs'][number] {
  const confidence = { name: 1, strength: 1, form: 1, quantity: 1, directions: 1 };
  return { ...drugNamed(name), quantityIsDerived: false, confidence, doubts: [] };
}
