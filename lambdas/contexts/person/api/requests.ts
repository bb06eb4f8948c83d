import * as z from 'zod';
import { birthDateSchema, textSchema } from '../../../http/parameters.ts';
import { personal } from '../../../kernel/index.ts';
import { legalGrounds } from '../domain/events.ts';

/** The question of a search. It is in the body, so it is in no URL and in no access log. */
export const searchRequest = z.object({
  identifier: personal(textSchema(64)),
  birthDate: personal(birthDateSchema).optional(),
});

export const eraseRequest = z.object({
  legalGround: z.enum(legalGrounds, { error: `Expected one of ${legalGrounds.join(', ')}.` }).meta({
    description: 'Why the data may be erased (GDPR article 17(1)). It is recorded, and stays.',
  }),
});
