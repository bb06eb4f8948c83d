import {
  type Envelope,
  holdsEnvelope,
  isEnvelope,
  isKeyedCommandId,
  keyedCommandId,
} from '../../../lambdas/kernel/index.ts';
import type { DataKey } from '../../../lambdas/kernel/privacy/index.ts';
import { subjectKeyTable } from '../../../schema/tables.ts';
import { streamsOf } from '../checks/model/rules.ts';
import type { FinalRow, Operation, RecordedCommit } from '../history.ts';
import type { ItemChange } from '../services/dynamodb/definitions.ts';
import type { SimulatedKms } from '../services/kms.ts';
import { subjectKeysName } from '../system/tables.ts';

/** Every key of a subject that ever existed: the checks can read what nobody else can any more. */
export class KeyHistory {
  readonly #kms: Pick<SimulatedKms, 'dataKey'>;
  /** The ids of keys, by the names of their subjects, in the order of their creation. */
  readonly #ids = new Map<string, readonly string[]>();
  readonly #keys = new Map<string, DataKey>();

  constructor(kms: Pick<SimulatedKms, 'dataKey'>) {
    this.#kms = kms;
  }

  readonly onChange = ({ table, after }: ItemChange): void => {
    if (table !== subjectKeysName || after === undefined) return;
    const name = after[subjectKeyTable.partitionKey]?.S ?? '';
    this.#ids.set(name, [...(this.#ids.get(name) ?? []), after['id']?.S ?? '']);
  };

  /** Commits with plain values, and with the ids of the commands that people have sent. */
  plainCommits(
    commits: readonly RecordedCommit[],
    operations: readonly Operation[],
  ): readonly RecordedCommit[] {
    const byStream = Map.groupBy(operations, ({ command }) => streamsOf(command)[0]);
    const sent = new Map<string, string>();
    for (const stream of this.#ids.keys()) {
      for (const { commandId } of byStream.get(stream) ?? []) {
        for (const key of this.#keysOf(stream))
          if (commandId !== undefined) sent.set(`${stream} ${keyedCommandId(key, commandId)}`, commandId);
      }
    }
    return commits.map((commit) => {
      const { stream, commandId } = commit;
      const plainId = isKeyedCommandId(commandId) ? sent.get(`${stream} ${commandId}`) : undefined;
      return {
        ...commit,
        commandId: plainId ?? commandId,
        events: commit.events.map((event) => ({ ...event, data: this.plain(stream, event.data) as object })),
      };
    });
  }

  /** A row with plain values, also in the fold beside it. */
  plainRow(row: FinalRow): FinalRow {
    if (row.context === 'todo') return row;
    const stream = `${row.context}/${row.id}`;
    const plain = (value: FinalRow['row']) => this.plain(stream, value) as FinalRow['row'];
    const { folded } = row;
    return {
      ...row,
      row: plain(row.row),
      ...(folded && { folded: { ...folded, row: plain(folded.row) } }),
    };
  }

  /** A stored value with plain values in the places of its envelopes. Throws for a ciphertext that is not of this stream. */
  plain(stream: string, value: unknown): unknown {
    return holdsEnvelope(value) ? this.#opened(stream, value) : value;
  }

  #opened(stream: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (isEnvelope(value)) return this.#key(stream, value.key).decrypt(stream, value);
    if (Array.isArray(value)) return value.map((item) => this.#opened(stream, item));
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#opened(stream, one)]));
  }

  /** Whether an envelope can be opened as one of this stream. */
  opens(stream: string, envelope: Envelope): boolean {
    try {
      this.#key(stream, envelope.key).decrypt(stream, envelope);
      return true;
    } catch {
      return false;
    }
  }

  #keysOf(stream: string): readonly DataKey[] {
    return (this.#ids.get(stream) ?? []).map((id) => this.#key(stream, id));
  }

  #key(stream: string, id: string): DataKey {
    const name = `${stream} ${id}`;
    const known = this.#keys.get(name) ?? this.#kms.dataKey(stream, id);
    this.#keys.set(name, known);
    return known;
  }
}
