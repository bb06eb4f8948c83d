import { projectorTimeoutSeconds } from '../../schema/projections.ts';
import { generationCacheMs } from '../kernel/index.ts';

/**
 * How long after the stamp of a change its write may end, in ms: the attempts of one call, and the difference of two clocks.
 * The change is stamped before it is written.
 */
const changeMaxMs = 30_000;

/**
 * How long after the stamp of a change of generations every projector acts on it, in ms. An invocation that has just used an
 * older state at the end of its cache's time may still write until its timeout.
 */
export const settleMs = generationCacheMs + projectorTimeoutSeconds * 1_000 + changeMaxMs;
