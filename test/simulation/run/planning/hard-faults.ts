import { queueNames } from '../../../../schema/contexts.ts';
import { eventLogName, simulatedTables } from '../../system/tables.ts';
import type { Fault, ServiceName } from '../../world/faults.ts';
import type { Random } from '../../world/random.ts';
import type { Temper } from './temper.ts';

const minuteMs = 60_000;
const outageMaxMs = 15 * minuteMs;
/** Longer than the recorder's messages are tried: they become dead letters. */
const longOutageMaxMs = 40 * minuteMs;
const lateMaxMs = 6 * 60 * minuteMs;

/**
 * A service, a table or a queue that answers nothing, for minutes: longer than any attempts, and than most visibility timeouts. While
 * what has waited is caught up, the publisher is killed.
 */
export function outages(random: Random, { spanMs }: Temper): readonly Fault[] {
  return Array.from({ length: random.between(1, 2) }, (_, index) => {
    const source = random.of(index);
    const fromMs = source.under(spanMs * 0.8);
    const forMs = source.chance(0.15)
      ? source.between(outageMaxMs, longOutageMaxMs)
      : source.between(minuteMs, outageMaxMs);
    const service = source.pick<ServiceName>([
      ...(['dynamodb', 'dynamodb', 'kinesis', 'kinesis', 'sqs', 'kms'] as const),
    ]);
    const whole = { fromMs, forMs, service, chance: 1 } as const;
    const only = onlyOf(source, service);
    const outage: Fault = {
      kind: source.pick<'request-lost' | 'throttled' | 'response-lost'>([
        'request-lost',
        'request-lost',
        'throttled',
        'response-lost',
      ]),
      ...(only === undefined ? whole : { ...whole, only }),
    };
    const kills = Array.from({ length: source.between(0, 3) }, () =>
      kill(source, 'publisher', fromMs, spanMs),
    );
    return [outage, ...kills];
  }).flat();
}

/** Mostly one table or one queue; the stream of Kinesis and the key of KMS are the only ones. */
function onlyOf(random: Random, service: ServiceName): string | undefined {
  if (service === 'kinesis' || service === 'kms' || random.chance(0.3)) return undefined;
  if (service === 'sqs') return random.pick(queueNames);
  return random.chance(0.3) ? eventLogName : random.pick(simulatedTables).name;
}

function kill(random: Random, name: 'publisher' | 'rebuilder', fromMs: number, spanMs: number): Fault {
  return {
    ...{ kind: 'killed', function: name, afterCalls: random.under(60) },
    fromMs: Math.min(Math.floor(spanMs * 0.9), fromMs + random.under(4 * minuteMs)),
    moment: random.chance(0.5) ? 'before-request' : 'under-way',
  };
}

/** The function that rebuilds is killed at any of its steps. */
export function killedRebuilders(random: Random, { spanMs }: Temper): readonly Fault[] {
  return Array.from({ length: random.between(0, 5) }, () =>
    kill(random, 'rebuilder', random.under(spanMs * 0.9), spanMs),
  );
}

/** What the analyzer or the recorder gets comes hours late, after people have gone on. */
export function lateHours(random: Random, { spanMs }: Temper): Fault {
  return {
    ...{ kind: 'delivered-late', fromMs: 0, forMs: Math.max(1, spanMs), chance: 0.7 },
    consumer: random.pick(['prescription-recorder', 'prescription-analyzer', 'todo-projector']),
    lateMs: random.between(60 * minuteMs, lateMaxMs),
  };
}
