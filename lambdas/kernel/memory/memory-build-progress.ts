import type { BuildHolds } from '../rebuild/build-holds.ts';
import type { PartName, PartProgress, ProgressStore, StoredProgress } from '../rebuild/part-progress.ts';

/** The progress of builds in memory, for specs. */
export class MemoryBuildProgress implements ProgressStore, BuildHolds {
  readonly #parts = new Map<string, StoredProgress>();
  readonly #holds = new Map<string, { readonly owner: string; readonly until: string }>();

  async load(part: PartName): Promise<StoredProgress | undefined> {
    return structuredClone(this.#parts.get(JSON.stringify(part)));
  }

  async save(part: PartName, revision: number, progress: PartProgress): Promise<'saved' | 'stale'> {
    const name = JSON.stringify(part);
    if ((this.#parts.get(name)?.revision ?? 0) !== revision) return 'stale';
    this.#parts.set(name, structuredClone({ revision: revision + 1, progress }));
    return 'saved';
  }

  async hold(build: string, owner: string, { now, until }: { readonly now: string; readonly until: string }) {
    const held = this.#holds.get(build);
    if (held !== undefined && held.owner !== owner && held.until > now) return false;
    this.#holds.set(build, { owner, until });
    return true;
  }

  async heldUntil(build: string): Promise<string | undefined> {
    return this.#holds.get(build)?.until;
  }
}
