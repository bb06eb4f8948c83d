import {
  type Commit,
  holdsEnvelope,
  isEnvelope,
  placeOf,
  plainStreamName,
  type SubjectKey,
  type SubjectKeys,
  streamOfTenant,
} from '../kernel/index.ts';

interface CopyOptions {
  readonly tenant: string;
  readonly keys: Pick<SubjectKeys, 'find' | 'create'>;
  /** The ids of the copied events. They have no space. Default: the same. */
  readonly eventIdOf?: (id: string) => string;
}

/** The commit as it would be on the stream of another tenant with the same id: encrypted with the key of that stream, without hashes. */
export async function copiedCommit(commit: Commit, options: CopyOptions): Promise<Commit> {
  const { tenant, keys, eventIdOf = (id) => id } = options;
  // The hashes are of the stream that is copied.
  const { hash: _, previousHash: __, ...content } = commit;
  const stream = streamOfTenant(tenant, plainStreamName(commit.stream));
  const from = await keys.find(commit.stream);
  const to = from && (await keys.create(stream));
  const events = commit.events.map((event) => {
    const id = eventIdOf(event.id);
    if (!(from && to && holdsEnvelope(event.data))) return { ...event, id };
    const copy = (value: unknown): unknown => copied(value, copy, { from, to, commit, stream, id });
    return { ...event, id, data: copy(event.data) as object };
  });
  return { ...content, events, stream };
}

interface Copying {
  readonly from: SubjectKey;
  readonly to: SubjectKey;
  readonly commit: Commit;
  readonly stream: string;
  /** Of the copied event. */
  readonly id: string;
}

function copied(value: unknown, copy: (part: unknown) => unknown, copying: Copying): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (!isEnvelope(value))
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copy(field)]));
  const { from, to, commit, stream, id: eventId } = copying;
  const path = placeOf(value)?.path ?? '';
  return to.encrypt(stream, { eventId, path }, from.decrypt(commit.stream, value));
}
