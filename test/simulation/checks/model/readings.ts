import type { PlacedEvent } from './rules.ts';

/** An uploaded document. `text`: in an envelope, it is not known. */
export interface Page {
  readonly key: unknown;
  readonly text: unknown;
}

/**
 * Why this cannot be the result of an analysis of these pages. An analysis may always fail, because a part of the system may be down for
 * too long. Undefined: it can.
 */
export function readingProblem({ type, data }: PlacedEvent, pages: readonly Page[]): string | undefined {
  const texts = pages.map(({ text }) => text).filter((text) => typeof text === 'string');
  // Documents in envelopes say nothing.
  if (type !== 'Dispense:PrescriptionAnalyzed' || texts.length < pages.length) return undefined;
  const begins = (word: string) => texts.some((text) => text.startsWith(word));
  if (begins('blank')) return 'Nobody can read a blank page.';
  if (data['trusted'] !== !begins('doubtful')) return `It is ${data['trusted'] ? '' : 'not '}trusted.`;
  const drugs = Array.isArray(data['drugs']) ? data['drugs'] : [];
  const isRead = texts.every((text, index) => [text, undefined].includes(drugs[index]?.name));
  return drugs.length === texts.length && isRead ? undefined : 'It is not what is on all pages.';
}
