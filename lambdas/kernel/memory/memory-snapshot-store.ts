import type { StreamName } from '../commit.ts';
import type { Snapshot, SnapshotStore } from '../snapshot-store.ts';

/** Snapshots in memory, for specs and small tools. */
export class MemorySnapshotStore implements SnapshotStore {
  readonly #snapshots = new Map<StreamName, string>();

  async load(stream: StreamName): Promise<Snapshot | undefined> {
    const json = this.#snapshots.get(stream);
    if (json === undefined) return undefined;
    const snapshot = JSON.parse(json);
    return { ...snapshot, commands: Buffer.from(snapshot.commands, 'base64') };
  }

  async save(snapshot: Snapshot, { replace = false } = {}): Promise<void> {
    const present = replace ? undefined : await this.load(snapshot.stream);
    if (present?.stateVersion === snapshot.stateVersion && present.version >= snapshot.version) return;
    const commands = Buffer.from(snapshot.commands).toString('base64');
    this.#snapshots.set(snapshot.stream, JSON.stringify({ ...snapshot, commands }));
  }

  /** Stores any text in place of a snapshot, for specs of damaged snapshots. */
  damage(stream: StreamName, json: string): void {
    this.#snapshots.set(stream, json);
  }
}
