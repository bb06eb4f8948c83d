import * as z from 'zod';
import type { EventDefinitions } from '../../../lambdas/kernel/index.ts';

/**
 * The same events without marks: a command handler stores them plain, as the release before did. Histories with keys need a key service
 * that can fail.
 */
export function plainEvents<Definitions extends EventDefinitions<never>>(
  definitions: Definitions,
): Definitions {
  const plain = Object.entries<EventDefinitions[string]>(definitions).map(([type, { schema, ...others }]) => {
    const isValid = (data: object) => schema.safeParse(data).success;
    return [type, { ...others, schema: z.looseObject({}).refine(isValid) }] as const;
  });
  return Object.fromEntries(plain) as unknown as Definitions;
}
