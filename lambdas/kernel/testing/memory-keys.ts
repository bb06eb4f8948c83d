import type { Effects } from '../effects.ts';
import { MemoryKeyWrapper } from '../memory/memory-key-wrapper.ts';
import { MemorySubjectKeyStore } from '../memory/memory-subject-key-store.ts';
import { CachedSubjectKeys } from '../privacy/cached-subject-keys.ts';

/** The keys of subjects as one process has them, for specs. `store`: the table; default: one of its own. */
export function memoryKeys(
  effects: Pick<Effects, 'now' | 'newId'>,
  store = new MemorySubjectKeyStore(),
): CachedSubjectKeys {
  return new CachedSubjectKeys({ store, wrapper: new MemoryKeyWrapper(), effects });
}
