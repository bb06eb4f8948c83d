import { createHash } from 'node:crypto';

const idLength = 16;

/**
 * Identifies a bundle by its bytes: the beginning of the SHA-256 of `index.js`, in hex. Functions log it with each error, and
 * archived source maps have it in their name. `sha256sum index.js | cut -c -16` prints it too.
 */
export function bundleIdOf(contents: Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex').slice(0, idLength);
}
