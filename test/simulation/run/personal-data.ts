import { dispenseEvents } from '../../../lambdas/contexts/dispense/domain/events.ts';
import {
  isEnvelope,
  isKeyedCommandId,
  placeOf,
  type StoredEvent,
  type StreamName,
  sealPersonal,
} from '../../../lambdas/kernel/index.ts';
import { personIndexTable, subjectKeyTable } from '../../../schema/tables.ts';
import type { LinkChange, PersonalData, RecordedCommit, SubjectKeyTimes } from '../history.ts';
import type { ItemChange } from '../services/dynamodb/definitions.ts';
import type { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import type { SimulatedKinesis } from '../services/kinesis.ts';
import { personIndexName, subjectKeysName } from '../system/tables.ts';
import type { KeyHistory } from './key-history.ts';

/** What is personal in every history: names, identifiers, drugs, documents and reasons that people make up. No id has such a part. */
export const plainMark =
  /quill|ibuprofen|paracetamol|amoxicillin|in a simulation|(?:plain|doubtful|blank)-\d/i;

const [linkPrefix, streamPrefix, entryPrefix] = ['link/', 'stream/', 'entry/'];

/** Takes down what becomes of keys and links of persons, and looks for plain values in everything that is stored or sent. */
export class PersonalRecorder {
  readonly #keys: SubjectKeyTimes[] = [];
  readonly #links: LinkChange[] = [];
  readonly #faults = new Set<string>();

  readonly onChange = (change: ItemChange): void => {
    const { table, after } = change;
    if (table === subjectKeysName) this.#noteKey(change);
    if (table === personIndexName) this.#noteLink(change);
    if (after !== undefined) this.noteText(`The table ${table}`, JSON.stringify(after));
  };

  /** Looks at a text that is stored or sent. `where`: the beginning of a sentence. */
  noteText(where: string, text: string): void {
    const [found] = plainMark.exec(text) ?? [];
    if (found !== undefined) this.#faults.add(`${where} has a plain personal value: ${found}.`);
  }

  /** What is there in the end. `commits`: as they are stored. */
  end(
    commits: readonly RecordedCommit[],
    {
      dynamodb,
      kinesis,
      keys,
      documents,
      requests,
    }: Pick<PersonalData, 'requests' | 'documents'> & {
      readonly dynamodb: SimulatedDynamoDB;
      readonly kinesis: SimulatedKinesis;
      readonly keys: KeyHistory;
    },
  ): PersonalData {
    for (const { records } of kinesis.stream.shards)
      for (const { record } of records)
        this.noteText('The event stream', Buffer.from(record.kinesis.data, 'base64').toString());
    for (const commit of commits) this.#lookAt(commit, keys);
    return {
      ...{ requests, documents, keys: this.#keys, links: this.#links, index: indexIn(dynamodb) },
      faults: [...this.#faults],
    };
  }

  #noteKey({ before, after, nowMs }: ItemChange): void {
    const name = (after ?? before)?.[subjectKeyTable.partitionKey]?.S ?? '';
    if (after === undefined) {
      const place = this.#keys.findLastIndex((key) => key.name === name);
      this.#keys.splice(place, 1, { ...(this.#keys[place] as SubjectKeyTimes), destroyedMs: nowMs });
    } else if (before === undefined) this.#keys.push({ name, createdMs: nowMs });
    else this.#faults.add(`The key of ${name} was replaced.`);
  }

  #noteLink({ after, nowMs }: ItemChange): void {
    const partition = after?.[personIndexTable.partitionKey]?.S ?? '';
    if (!partition.startsWith(linkPrefix)) return;
    const { personId }: { readonly personId?: string } = JSON.parse(after?.['value']?.S ?? '{}');
    this.#links.push({ stream: partition.slice(linkPrefix.length), personId, atMs: nowMs });
  }

  /** Every marked field is an envelope of the stream's key, of its own place, and nobody opens it as one of another stream. */
  #lookAt({ stream, commandId, events }: RecordedCommit, keys: KeyHistory): void {
    if (!stream.startsWith('dispense/')) return;
    // The eraser has no keys.
    if (!isKeyedCommandId(commandId) && !events.some(({ type }) => type === 'Dispense:Erased'))
      this.#faults.add(`A commit of ${stream} has an id of its command that anybody can derive.`);
    for (const event of events) {
      const stored = { ...event, schemaVersion: 1 } as StoredEvent;
      const fault = (what: string) => this.#faults.add(`${event.type} of ${stream}: ${what}.`);
      // Encrypting asks for each marked value that is plain.
      const encrypt = (_: string, { path }: { readonly path: string }) => {
        fault(`${path} is plain`);
        return { enc: '', key: '', v: 1 } as const;
      };
      sealPersonal(dispenseEvents, [stored], stream as StreamName, { encrypt });
      for (const envelope of envelopesIn(event.data)) {
        if (placeOf(envelope)?.eventId !== event.id) fault('an envelope is of another event');
        if (!keys.opens(stream, envelope)) fault('an envelope cannot be opened');
        if (keys.opens(`${stream}-other`, envelope)) fault('an envelope is of another stream');
      }
    }
  }
}

type Envelope = Parameters<KeyHistory['opens']>[1];

function envelopesIn(value: unknown): readonly Envelope[] {
  if (typeof value !== 'object' || value === null) return [];
  return isEnvelope(value) ? [value] : Object.values(value).flatMap(envelopesIn);
}

/** The streams of persons, and who is found by an identifier. */
function indexIn(dynamodb: SimulatedDynamoDB): PersonalData['index'] {
  const items = dynamodb.items(personIndexName).map((item) => ({
    partition: item[personIndexTable.partitionKey]?.S ?? '',
    sort: item[personIndexTable.sortKey]?.S ?? '',
    value: JSON.parse(item['value']?.S ?? '{}') as { readonly personId?: string },
  }));
  return {
    streams: items
      .filter(({ sort }) => sort.startsWith(streamPrefix))
      .map(({ partition, sort }) => ({
        personId: partition.split('/').at(-1) ?? '',
        stream: sort.slice(streamPrefix.length),
      })),
    entries: items
      .filter(({ partition }) => partition.startsWith(entryPrefix))
      .map(({ value }) => ({ personId: value.personId ?? '' })),
  };
}
