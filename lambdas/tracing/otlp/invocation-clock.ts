import type { HrTime } from '@opentelemetry/api';
import type { TracingEffects } from './tracing-effects.ts';

const msPerSecond = 1_000;
const nsPerMs = 1_000_000;
const maxNs = 999_999_999;

/** The time in the spans of one invocation. It never goes back, so a span ends neither before it begins nor after its parent. */
export function invocationClock({ now, elapsed }: Pick<TracingEffects, 'now' | 'elapsed'>): () => HrTime {
  const [startedAt, start] = [now(), elapsed()];
  return () => {
    const ms = startedAt + elapsed() - start;
    const seconds = Math.floor(ms / msPerSecond);
    return [seconds, Math.min(maxNs, Math.round((ms - seconds * msPerSecond) * nsPerMs))];
  };
}
