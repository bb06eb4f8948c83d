import * as z from 'zod';
import { defineEvents, type EventOf } from '../../../kernel/index.ts';

/** Why data of a person may be erased, in the order of GDPR article 17(1). `retention-ended`: the time to keep them is over. */
export const legalGrounds = [
  'no-longer-necessary',
  'consent-withdrawn',
  'objection',
  'unlawful-processing',
  'legal-obligation',
  'retention-ended',
] as const;

export type LegalGround = (typeof legalGrounds)[number];

/** ISO 8601, UTC, ms. */
const instant = z.string();

/** Every event type of the context. None has a personal field: they stay readable when the person is erased. */
export const personEvents = defineEvents({
  'Person:HoldPlaced': { schema: z.strictObject({ at: instant }) },
  'Person:HoldLifted': { schema: z.strictObject({ at: instant }) },
  'Person:ErasureRequested': {
    schema: z.strictObject({ legalGround: z.enum(legalGrounds), at: instant }),
  },
  'Person:Erased': {
    schema: z.strictObject({
      streams: z.int().min(0).meta({ description: 'How many streams of the person were erased.' }),
      at: instant,
    }),
  },
});

export type PersonEvent = EventOf<typeof personEvents>;
