import type { ForgetReport, Refusal } from '../../../schema/projections.ts';

/** Deletes the items of a table, page by page. */
export interface Sweep {
  page(after?: string): Promise<{ readonly deleted: number; readonly next?: string }>;
}

/** What is forgotten. */
export type Forgotten = Readonly<Record<keyof Omit<ForgetReport, 'cursor'>, Sweep>>;

const kinds = ['snapshots', 'segments'] as const;

/**
 * Deletes all snapshots and all sealed segments. Each call deletes at least one page. What functions store meanwhile is of the log as
 * it is, and may be deleted too.
 */
export async function forget(
  forgotten: Forgotten,
  hasTime: () => boolean,
  cursor?: string,
): Promise<ForgetReport | Refusal> {
  const counts = { snapshots: 0, segments: 0 };
  const begin = cursor === undefined ? { kind: kinds[0], after: undefined } : placeOf(cursor);
  if (begin === undefined) return { refused: '"cursor" must be the cursor of the answer before.' };
  for (let { kind, after }: Place = begin; ; ) {
    const { deleted, next } = await forgotten[kind].page(after);
    counts[kind] += deleted;
    if (next === undefined && kind === 'segments') return counts;
    ({ kind, after } = next === undefined ? { kind: 'segments', after: undefined } : { kind, after: next });
    if (!hasTime()) return { ...counts, cursor: cursorOf({ kind, after }) };
  }
}

interface Place {
  readonly kind: (typeof kinds)[number];
  readonly after: string | undefined;
}

function cursorOf({ kind, after = '' }: Place): string {
  return Buffer.from(`${kind} ${after}`).toString('base64url');
}

function placeOf(cursor: string): Place | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const kind = kinds.find((each) => text.startsWith(`${each} `));
  const after = text.slice((kind ?? '').length + 1);
  if (kind === undefined || (after !== '' && !isKey(after))) return undefined;
  return { kind, after: after === '' ? undefined : after };
}

/** A key of a table as JSON. */
function isKey(text: string): boolean {
  try {
    return Object.values(JSON.parse(text) as object).every((value) => typeof value?.S === 'string');
  } catch {
    return false;
  }
}
