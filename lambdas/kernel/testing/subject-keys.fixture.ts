import { sha256 } from '../command-id.ts';
import { DataKey } from '../privacy/index.ts';
import type { SubjectKey, SubjectKeys } from '../subject-keys.ts';

/** Data keys in memory, the same in every run. A key can be destroyed, and the service can be down. */
export class FixedKeys implements SubjectKeys {
  /** What was asked for: `find dispense/a`. */
  readonly calls: string[] = [];
  /** Each call fails with it while it is set. */
  outage: Error | undefined;
  /** Called before each `find` and `create`. */
  before: (call: string) => Promise<void> = async () => undefined;
  readonly #keys = new Map<string, SubjectKey>();
  #created = 0;

  async find(name: string): Promise<SubjectKey | undefined> {
    await this.#called(`find ${name}`);
    return this.#keys.get(name);
  }

  async findAll(names: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    await this.#called(`find all ${names}`);
    return new Map([...this.#keys].filter(([name]) => names.includes(name)));
  }

  async create(name: string): Promise<SubjectKey> {
    await this.#called(`create ${name}`);
    const found = this.#keys.get(name);
    if (found) return found;
    this.#created += 1;
    const key = new DataKey(
      `key-${this.#created}`,
      Buffer.from(sha256(`${name} ${this.#created}`), 'base64url'),
    );
    this.#keys.set(name, key);
    return key;
  }

  /** The key that a name has. */
  at(name: string): SubjectKey | undefined {
    return this.#keys.get(name);
  }

  destroy(name: string): void {
    this.#keys.delete(name);
  }

  async #called(call: string): Promise<void> {
    this.calls.push(call);
    await this.before(call);
    if (this.outage) throw this.outage;
  }
}
