import * as z from 'zod';
import { instantField } from '../../../http/resource.ts';
import { kindsOf, type TodoRules } from '../../todo-rule.ts';

const eventSchema = z.object({
  eventId: z.string(),
  type: z.string(),
  version: z.int().min(1).meta({ description: 'Version of the event in its stream.' }),
});

/** The schemas of answers about items. Contexts and kinds are from the rules. */
export function todoAnswers(rules: readonly TodoRules[]) {
  const contextSchema = z.enum(rules.map(({ category }) => category));
  const kindSchema = z.enum(kindsOf(rules).map(({ kind }) => kind));
  const statusSchema = z.enum(['open', 'closed']);
  return {
    contextSchema,
    kindSchema,
    statusSchema,
    itemSchema: z.object({
      id: z.string(),
      kind: kindSchema,
      context: contextSchema,
      subject: z
        .string()
        .meta({ description: 'The stream that the work is about: its category, "/" and its id.' }),
      doneBy: z.enum(['person', 'automation']),
      status: statusSchema,
      openedAt: instantField,
      openedBy: eventSchema,
      closedAt: instantField.optional(),
      closedBy: eventSchema.optional(),
    }),
    summarySchema: z.object({
      open: z
        .array(
          z.object({
            context: contextSchema,
            kind: kindSchema,
            count: z.int(),
            isMore: z
              .boolean()
              .meta({ description: 'True if there are more than `count`: counting stops there.' }),
          }),
        )
        .meta({ description: 'Number of open items of every kind, including 0.' }),
    }),
  };
}
