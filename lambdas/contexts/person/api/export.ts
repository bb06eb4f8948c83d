import * as z from 'zod';
import { pageQuery } from '../../../http/pagination.ts';
import { idOf, instantField, notFoundProblem, readsOf, scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { streamName } from '../../../kernel/index.ts';
import { persons } from './answers.ts';
import { type ExportSide, exportPage, exportPlaceSchema } from './export-page.ts';
import { knownPerson } from './known-person.ts';

const { category } = persons;
const path = `${persons.path}/{id}/export` as const;

const erased = z.object({ erased: z.literal(true) });

const documentSchema = z.object({
  contentType: z.string(),
  sizeBytes: z.int(),
  content: z.union([z.base64(), erased]).meta({
    description: 'In base64, or `{"erased": true}` if the document is no longer stored.',
  }),
});

const eventSchema = z.object({
  version: z.int(),
  type: z.string(),
  committedAt: z.string(),
  data: z.record(z.string(), z.unknown()).meta({
    description: 'As it was recorded. A value that was erased is `{"erased": true}`.',
    personal: true,
  }),
  documents: z
    .array(documentSchema)
    .optional()
    .meta({ description: 'The documents that the event added.', personal: true }),
});

const exportSchema = z.object({
  id: z.string().meta({ description: 'The id of the person.' }),
  exportedAt: instantField,
  streams: z.array(
    z.object({
      stream: z.string(),
      row: z.record(z.string(), z.unknown()).optional().meta({
        description: 'As its own route shows it now. Absent if the stream began on an earlier page.',
        personal: true,
      }),
      events: z.array(eventSchema),
    }),
  ),
  next: z
    .string()
    .optional()
    .meta({ description: 'Send it as `cursor` to get the next file. Absent in the last one.' }),
});

/**
 * `GET /persons/{id}/export`: everything that is stored about a person, as a file. It has no names of callers: those are the data of other
 * persons. It shows data of other categories, so it needs their scopes too.
 */
export function exportRoute(side: ExportSide): Route {
  return defineRoute({
    method: 'GET',
    path,
    tags: [category],
    access: scopesOf(category).read,
    bodyScopes: side.exports.map((each) => ({
      scope: scopesOf(each.category).read,
      needed: () => true,
      purpose: 'because the file has such data',
    })),
    reads: {
      ...(readsOf(persons, path) as object),
      answer: (body) => {
        const { id, streams } = body as z.output<typeof exportSchema>;
        return [streamName(category, id), ...streams.map(({ stream }) => stream)];
      },
    },
    operationId: 'exportPerson',
    summary: 'All data of a person, as a file: recorded events, current state and documents',
    description:
      'First the holds and erasures of the person, then each stream with data of the person, with its documents. A file has about 4 MB: ' +
      'if there is more, go on while there is a `next`. A stream can go on in the next file. After an erasure, the file has what is left.',
    ...idOf(persons),
    query: z.object({ cursor: pageQuery.cursor }),
    answers: {
      200: {
        description: 'The data.',
        schema: exportSchema,
        headers: { 'content-disposition': 'The name of the file.' },
      },
    },
    problems: notFoundProblem(persons),
    handle: async ({ params: { id }, query: { cursor }, context: { now } }) => {
      const { personId } = await knownPerson(side.persons, id);
      const scope = `${persons.path}/${personId}/export`;
      const place =
        cursor === undefined ? undefined : exportPlaceSchema.parse(side.cursors.decode(scope, cursor));
      const { streams, next } = await exportPage(side, personId, now, place);
      return {
        status: 200 as const,
        headers: {
          'cache-control': 'no-store',
          'content-disposition': `attachment; filename="person-${personId}.json"`,
        },
        body: {
          id: personId,
          exportedAt: now,
          streams,
          ...(next && { next: side.cursors.encode(scope, next) }),
        },
      };
    },
  });
}
