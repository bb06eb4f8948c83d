import * as z from 'zod';
import { contextNames } from '../../../schema/contexts.ts';
import {
  type ReadModelName,
  type Refusal,
  sampleMax,
  type VerifierRequest,
} from '../../../schema/projections.ts';

/** Where a comparison of all streams continues. The log is walked first, then the rows of each read model. */
export interface Cursor {
  /** Undefined: in the log. */
  readonly rows?: ReadModelName | undefined;
  /** The last partition that was handled. Undefined: none. */
  readonly after?: string | undefined;
}

/** A request that was checked. */
export interface CheckedRequest {
  readonly readModels: readonly ReadModelName[];
  readonly sample: number | 'all' | undefined;
  readonly cursor: Cursor | undefined;
}

const readModel = z.enum(contextNames as readonly [ReadModelName, ...ReadModelName[]]);
const request = z.object({
  readModel: readModel.exactOptional(),
  sample: z.union([z.literal('all'), z.int().min(1).max(sampleMax)]).exactOptional(),
  cursor: z.string().exactOptional(),
});
const cursor = z.strictObject({
  rows: readModel.exactOptional(),
  after: z.string().min(1).max(2_048).exactOptional(),
});

const fields: Readonly<Record<string, string>> = {
  readModel: `the name of a read model: ${contextNames.join(', ')}`,
  sample: `a number of streams, 1 to ${sampleMax}, or "all"`,
  cursor: 'the cursor of the answer before',
};

/** The request in an event, or a sentence that says what is wrong with it. Fields that a schedule sends besides are ignored. */
export function parseRequest(event: unknown): CheckedRequest | Refusal {
  const parsed = request.safeParse(event ?? {});
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? '');
    return {
      refused:
        field in fields ? `"${field}" must be ${fields[field]}.` : 'The request must be a JSON object.',
    };
  }
  const { readModel: name, sample, cursor: text }: VerifierRequest = parsed.data;
  const readModels = name === undefined ? contextNames : [name];
  if (text === undefined) return { readModels, sample, cursor: undefined };
  const place = decoded(text);
  const isOfRequest = place?.rows === undefined || readModels.includes(place.rows);
  if (sample !== 'all' || place === undefined || !isOfRequest) {
    return {
      refused: '"cursor" must be the cursor of the answer before, for the same read model and "all".',
    };
  }
  return { readModels, sample, cursor: place };
}

/** A cursor as text. */
export function encoded(place: Cursor): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function decoded(text: string): Cursor | undefined {
  try {
    return cursor.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
