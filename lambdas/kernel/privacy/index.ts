export { DataKey, dataKeyBytes } from './data-key.ts';
