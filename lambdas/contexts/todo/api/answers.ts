import * as z from 'zod';
import type { TodoItem } from '../read-model/item.ts';
import { todoContexts, todoKinds } from '../rules.ts';

const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds.' });

export const statusSchema = z.enum(['open', 'closed']);
export const contextSchema = z.enum(todoContexts as [string, ...string[]]);
export const kindSchema = z.enum(todoKinds.map(({ kind }) => kind) as [string, ...string[]]);

const eventSchema = z.object({
  eventId: z.string(),
  type: z.string(),
  version: z.int().min(1).meta({ description: 'Of the event in its stream.' }),
});

export const todoSchema = z.object({
  id: z.string(),
  kind: kindSchema,
  context: contextSchema,
  subject: z.string().meta({ description: 'The stream that it is about: its category, "/" and its id.' }),
  doneBy: z.enum(['person', 'automation']),
  status: statusSchema,
  openedAt: instant,
  openedBy: eventSchema,
  closedAt: instant.optional(),
  closedBy: eventSchema.optional(),
});

export const summarySchema = z.object({
  open: z
    .array(
      z.object({
        context: contextSchema,
        kind: kindSchema,
        count: z.int(),
        isMore: z.boolean().meta({ description: 'There are more than `count`: counting stops there.' }),
      }),
    )
    .meta({ description: 'Open items of every kind, also of those that have none.' }),
});

export function todoView(item: TodoItem): z.output<typeof todoSchema> {
  const { id, kind, context, subject, doneBy, status, openedAt, openedBy, closedAt, closedBy } = item;
  return {
    id,
    kind,
    context,
    subject,
    doneBy,
    status,
    openedAt,
    openedBy,
    ...(closedAt !== undefined && { closedAt }),
    ...(closedBy !== undefined && { closedBy }),
  };
}
