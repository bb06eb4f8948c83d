import {
  type ConsumerName,
  type Fault,
  type FaultKind,
  type FunctionName,
  functionNames,
  type ServiceName,
} from '../../world/faults.ts';
import type { Random } from '../../world/random.ts';
import { focusFaults } from './focus.ts';
import { killedRebuilders, lateHours, outages } from './hard-faults.ts';
import type { Temper } from './temper.ts';

const consumers = functionNames.filter(
  (name): name is ConsumerName => !['api', 'metrics-sweeper', 'rebuilder'].includes(name),
);

/** The documented bound of clocks: `clockOffsetMaxMs` of the kernel. */
const skewMaxMs = 500;
const staleMaxMs = 5_000;
const lateMaxMs = 180_000;
const outageMaxMs = 20_000;

/** Kinds of which a history has one at most. */
const onlyOnce: readonly FaultKind[] = ['rolling-deploy', 'segments-damaged'];

/** Makes up the faults of a history, in the order of their beginnings. `busyMs`: people act until then, without a pause of hours. */
export function faultsOf(random: Random, whole: Temper, busyMs: number): readonly Fault[] {
  const temper = { ...whole, spanMs: busyMs };
  const faults: Fault[] = [];
  if (temper.longPauseMs > 0) faults.push(longPause(random.of('long pause'), temper));
  for (let index = 0; faults.length < temper.faults; index += 1) {
    const source = random.of(index);
    const open = temper.faultKinds.filter((kind) => isOpen(kind, faults));
    faults.push(faultOf(source.pick(choiceOf(source, open, faults)), source, temper));
  }
  if (temper.has.has('outages')) faults.push(...outages(random.of('outages'), temper));
  if (temper.has.has('operators')) faults.push(...killedRebuilders(random.of('killed rebuilders'), temper));
  if (temper.has.has('late-hours')) faults.push(lateHours(random.of('late hours'), temper));
  faults.push(...focusFaults(random.of('focus'), temper));
  if (temper.restartsApi) faults.push(...restarts(random.of('restarts'), temper));
  return faults.toSorted((one, other) => one.fromMs - other.fromMs);
}

/** Mostly a kind that has not occurred. Else any, and kills more often than others: they combine with everything. */
function choiceOf(
  random: Random,
  open: readonly FaultKind[],
  faults: readonly Fault[],
): readonly FaultKind[] {
  if (open.length === 0) return moreKinds;
  if (open.includes('killed') && random.chance(0.25)) return ['killed'];
  const unused = open.filter((kind) => !faults.some((fault) => fault.kind === kind));
  return unused.length > 0 ? unused : open;
}

/** If the kinds of a history may occur only once, others follow. */
const moreKinds: readonly FaultKind[] = ['response-lost', 'killed', 'delivered-again'];

function isOpen(kind: FaultKind, faults: readonly Fault[]): boolean {
  const own = faults.filter((fault) => fault.kind === kind).length;
  if (kind === 'shard-split') return own < 3;
  return own === 0 || !onlyOnce.includes(kind);
}

function longPause(random: Random, { spanMs, longPauseMs }: Temper): Fault {
  const fromMs = random.under(spanMs / 2);
  return { kind: 'paused', consumer: random.pick(consumers), fromMs, forMs: longPauseMs };
}

/** An API that is killed again and again. */
function restarts(random: Random, { spanMs }: Temper): readonly Fault[] {
  return Array.from({ length: random.between(5, 12) }, () => ({
    kind: 'killed' as const,
    function: 'api' as const,
    fromMs: random.under(spanMs * 0.9),
    afterCalls: random.under(12),
    moment: random.chance(0.5) ? ('before-request' as const) : ('under-way' as const),
  }));
}

function faultOf(kind: FaultKind, random: Random, temper: Temper): Fault {
  const { spanMs, violence } = temper;
  const fromMs = random.under(spanMs * 0.8);
  const forMs = Math.max(1_000, Math.round((spanMs - fromMs) * (0.1 + 0.9 * random.next() ** 2)));
  const span = { fromMs, forMs };
  switch (kind) {
    case 'request-lost':
    case 'response-lost':
    case 'throttled':
    case 'slow': {
      const service = serviceOf(random);
      if (!random.chance(violence / 2)) return { kind, ...span, service, chance: chanceOf(random, violence) };
      // An outage: no attempts of a client get through it, so what it was about has an unknown outcome or is parked.
      const outageMs = random.between(1_000, outageMaxMs);
      return { kind, fromMs, forMs: outageMs, service, chance: 0.6 + 0.4 * random.next() };
    }
    case 'partial-batch':
      return { kind, ...span, service: serviceOf(random), chance: chanceOf(random, 2 * violence) };
    case 'stale-reads':
      return { kind, ...span, upToMs: random.between(100, staleMaxMs) };
    case 'killed':
      return {
        kind,
        function: killedFunction(random, temper),
        fromMs,
        afterCalls: random.under(random.chance(0.3) ? 40 : 8),
        moment: random.chance(0.5) ? 'before-request' : 'under-way',
      };
    case 'clock-skew':
      return {
        kind,
        ...(random.chance(0.5) ? { fromMs: 0, forMs: spanMs } : span),
        function: random.chance(0.5) ? 'api' : random.pick(functionNames),
        skewMs: random.chance(0.3)
          ? random.pick([-skewMaxMs, skewMaxMs])
          : random.between(-skewMaxMs, skewMaxMs),
      };
    case 'paused':
      return { kind, ...span, consumer: random.pick(consumers) };
    case 'delivered-again':
    case 'delivered-late':
      return {
        kind,
        ...span,
        consumer: random.pick(consumers),
        chance: 0.1 + 0.8 * violence * random.next(),
        lateMs: random.chance(0.5) ? random.between(100, 5_000) : random.between(5_000, lateMaxMs),
      };
    case 'shard-split':
      return { kind, fromMs, stream: random.chance(0.5) ? 'log' : 'event-stream' };
    case 'snapshots-damaged':
    case 'segments-damaged':
      return { kind, fromMs, share: random.chance(0.3) ? 1 : 0.1 + 0.8 * random.next() };
    case 'rolling-deploy':
      return { kind, ...span, readersFirst: random.chance(0.4) };
    default:
      return kind satisfies never;
  }
}

function serviceOf(random: Random): ServiceName {
  return random.pick(['dynamodb', 'dynamodb', 'dynamodb', 'kinesis', 'sqs', 'kms']);
}

/** In storms up to half of the calls are struck. */
function chanceOf(random: Random, violence: number): number {
  return Math.min(0.5, 0.01 + 0.49 * violence * random.next());
}

/** The API has the most to lose. The rebuilder is invoked only by the operator. */
function killedFunction(random: Random, { has }: Temper): FunctionName {
  const isOperated = has.has('rebuild') || has.has('damage-and-repair') || has.has('catch-up');
  const luck = random.next();
  if (luck < 0.3) return 'api';
  if (isOperated && luck < 0.55) return 'rebuilder';
  return random.pick(functionNames.filter((name) => isOperated || name !== 'rebuilder'));
}
