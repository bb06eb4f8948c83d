import { metricRoutes } from '../../lambdas/contexts/metrics/api/routes.ts';
import { sweepDueTargets } from '../../lambdas/contexts/metrics/automations/sweep.ts';
import { metricsContext } from '../../lambdas/contexts/metrics/context.ts';
import { silentObserver } from '../../lambdas/kernel/index.ts';
import { memoryContext, type Send } from './memory.fixture.ts';

/** Time passes with requests only, so many ms with each. */
const requestMs = 20;
/** The sweep runs after every so many requests. */
const requestsPerSweep = 40;

export interface MemoryMetrics {
  readonly send: Send;
  /** The generator's clock, ms since 1970. */
  readonly nowMs: () => number;
}

/** The real metrics in memory, swept every so often; `aheadMs`: how far their clock is ahead of the generator's. */
export function memoryMetrics({ aheadMs = 0 } = {}): MemoryMetrics {
  let nowMs = Date.UTC(2026, 0, 1);
  let requests = 0;
  const serverNow = () => new Date(nowMs + aheadMs).toISOString();
  const { send, handler, readModel } = memoryContext(metricsContext, metricRoutes, serverNow);
  return {
    nowMs: () => nowMs,
    send: async (request) => {
      nowMs += requestMs;
      requests += 1;
      const answer = await send(request);
      if (requests % requestsPerSweep === 0) {
        await sweepDueTargets({ readModel, handler, observer: silentObserver }, serverNow(), () => true);
      }
      return answer;
    },
  };
}
