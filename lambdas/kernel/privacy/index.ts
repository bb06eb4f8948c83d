export { CachedSubjectKeys, type CachedSubjectKeysOptions } from './cached-subject-keys.ts';
export { DataKey, dataKeyBytes } from './data-key.ts';
