import { AsyncLocalStorage } from 'node:async_hooks';
import { type CausedStep, type Observer, silentObserver } from '../observer.ts';
import { parseTraceparent, traceparentOf } from '../trace-context.ts';

/** A `traceparent` in a trace that these digits name. */
export function traceparentIn(trace: string, span = '1'): string {
  return traceparentOf({ traceId: trace.padStart(32, '0'), spanId: span.padStart(16, '0'), sampled: true });
}

/**
 * An observer that records, one line each: steps as they begin, their events and faults. Steps have numbers. Their `traceparent` has the number as
 * the id of its span, in the trace of the cause, or in trace `f` if nothing else is known. One step for each trace of the causes, and one for those without.
 */
export function recordingObserver() {
  const lines: string[] = [];
  const counts: Record<string, number> = {};
  let numbers = 0;
  const active = new AsyncLocalStorage<Recorded>();
  const add = (line: string) => void lines.push(line);
  const begin = (name: string, details: object | undefined, traceId = active.getStore()?.traceId ?? 'f') => {
    numbers += 1;
    add(`${numbers} ${name} ${JSON.stringify(details ?? {})}`);
    return { number: numbers, traceId };
  };
  const inside = <Result>(step: Recorded | undefined, run: () => Promise<Result>) =>
    step === undefined ? run() : active.run(step, run);
  const observer: Observer = {
    ...silentObserver,
    count: (counter, by = 1) => {
      counts[counter] = (counts[counter] ?? 0) + by;
    },
    event: (name, details) =>
      add(`${active.getStore()?.number ?? '-'} · ${name} ${JSON.stringify(details ?? {})}`),
    traceparent: () => {
      const step = active.getStore();
      return step && traceparentIn(step.traceId, String(step.number));
    },
    step: (name, run, details) => {
      const step = begin(name, details);
      return inside(step, () => run((more) => add(`${step.number} + ${JSON.stringify(more)}`)));
    },
    stepFor: (name, causes, run) => {
      const byTrace = Map.groupBy(causes, ({ traceparent }) => parseTraceparent(traceparent)?.traceId);
      const steps = new Map<string | undefined, CausedStep>();
      const begun = [...byTrace].map(([traceId, own]) => {
        const recorded = begin(
          name,
          own.map(({ details }) => details),
          traceId,
        );
        steps.set(traceId, causedStep(recorded, add));
        return recorded;
      });
      const all = causes.map(
        ({ traceparent }) => steps.get(parseTraceparent(traceparent)?.traceId) as CausedStep,
      );
      return inside(begun.length === 1 ? begun[0] : undefined, () => run(all));
    },
  };
  /** Takes the lines so far. */
  const take = () => lines.splice(0);
  return { observer, counts, take };
}

interface Recorded {
  readonly number: number;
  readonly traceId: string;
}

function causedStep({ number, traceId }: Recorded, add: (line: string) => void): CausedStep {
  return {
    traceparent: traceparentIn(traceId, String(number)),
    event: (name, details) => add(`${number} · ${name} ${JSON.stringify(details ?? {})}`),
    fail: (reason) => add(`${number} fails: ${reason}`),
  };
}
