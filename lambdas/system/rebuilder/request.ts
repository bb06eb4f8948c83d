import * as z from 'zod';
import { contextNames } from '../../../schema/contexts.ts';
import type { ReadModelName, RebuilderRequest } from '../../../schema/projections.ts';
import { generationNumber, segmentsMax } from '../../kernel/index.ts';

const readModel = z.enum(contextNames as readonly [ReadModelName, ...ReadModelName[]]);
const generation = z.string().refine((name) => generationNumber(name) !== undefined);
const segment = z
  .int()
  .min(0)
  .max(segmentsMax - 1);
const build = { readModel, generation };
const part = { ...build, segment };

const request = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('status'), readModel: readModel.exactOptional() }),
  z.strictObject({
    action: z.literal('begin'),
    readModel,
    segments: z.int().min(1).max(segmentsMax),
    resume: z.boolean().exactOptional(),
  }),
  z.strictObject({ action: z.literal('hold'), ...build, owner: z.string().min(1).max(100) }),
  z.strictObject({ action: z.literal('fold'), ...part }),
  z.strictObject({ action: z.literal('follow'), ...build }),
  z.strictObject({ action: z.literal('compare'), ...part }),
  z.strictObject({ action: z.literal('finish'), ...build }),
  z.strictObject({
    action: z.literal('switch'),
    readModel,
    generation: generation.exactOptional(),
    unlessParked: z.boolean().exactOptional(),
  }),
  z.strictObject({ action: z.literal('undo'), readModel }),
  z.strictObject({ action: z.literal('discard'), readModel }),
  z.strictObject({ action: z.literal('drop'), readModel }),
  z.strictObject({ action: z.literal('remove'), ...part }),
  z.strictObject({ action: z.literal('repair'), stream: z.string() }),
  z.strictObject({ action: z.literal('forget'), cursor: z.string().exactOptional() }),
]);

/** A request that was checked. */
export type CheckedRequest = z.infer<typeof request>;

/** A request about a build or its generations: {@link Rebuilder} answers it. */
export type BuildRequest = Exclude<CheckedRequest, { readonly action: 'repair' | 'forget' }>;

const fields: Readonly<Record<string, string>> = {
  action: 'the action, such as "status"',
  readModel: `the name of a read model: ${contextNames.join(', ')}`,
  generation: 'a generation, such as "g2"',
  segments: `the number of parts of the log, 1 to ${segmentsMax}`,
  segment: 'the number of a part, from 0',
  owner: 'a text of at most 100 characters that names the run',
  resume: 'true or false',
  unlessParked: 'true or false',
  stream: 'the name of a stream, such as "ledger/7f3c"',
  cursor: 'the cursor of the answer before',
};

/** The request in an event, or a sentence that says what is wrong with it. */
export function parseRequest(event: unknown): CheckedRequest | { readonly refused: string } {
  const parsed = request.safeParse(event);
  if (parsed.success) return parsed.data satisfies RebuilderRequest;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    return { refused: `This action has no field "${issue.keys.join('", "')}".` };
  }
  const field = String(issue?.path[0] ?? 'action');
  if (field === 'action')
    return { refused: 'This is no action of the rebuilder. Ask for {"action":"status"}.' };
  return { refused: `"${field}" is invalid. It must be ${fields[field] ?? 'another value'}.` };
}
