import type { Fault } from '../../world/faults.ts';
import type { Random } from '../../world/random.ts';
import type { Draft } from './draft.ts';
import type { Planned } from './planned.ts';
import type { Focus, Temper } from './temper.ts';

/** What a rare combination needs. Everything else in a history is drawn as usual. */
interface FocusPlan {
  readonly temper?: (random: Random, temper: Temper) => Partial<Temper>;
  readonly acts?: (random: Random, planned: Planned) => readonly Draft[];
  readonly faults?: (random: Random, temper: Temper) => readonly Fault[];
}

const [secondMs, minuteMs] = [1_000, 60_000];
/** The documented bound of clocks: `clockOffsetMaxMs` of the kernel. */
const skewMaxMs = 500;
const rebuilt = ['ledger', 'ledger', 'metrics', 'dispense', 'todo'] as const;

const several = <One>(
  random: Random,
  [least, most]: readonly [number, number],
  make: () => One,
): readonly One[] => Array.from({ length: random.between(least, most) }, make);

/** Appends take long, clocks are at their bounds, and people ask about instants that have just passed. */
const hastyQuestions: FocusPlan = {
  temper: (random, temper) => ({
    spanMs: random.between(10 * secondMs, 40 * secondMs),
    has: withAll(temper, 'rushes', 'bursts'),
    attempts: 5,
  }),
  acts: (random, { commands }) =>
    several(random, [10, 20], () => {
      const { atMs, who } = random.pick(commands);
      const sinceMs = random.between(1, 1_200);
      const laterMs = random.between(2_000, 20_000);
      // A clock that is behind stamps the command with a time before it was sent.
      const agoMs = Math.max(0, sinceMs + random.between(-sinceMs, skewMaxMs));
      return { kind: 'ask-past', atMs: atMs + sinceMs, who, agoMs, laterMs };
    }),
  faults: (random, { spanMs }) => {
    const whole = { fromMs: 0, forMs: spanMs, service: 'dynamodb', only: 'EventLog' } as const;
    const everyMs = random.between(500, 3_000);
    const skews = Array.from({ length: Math.ceil(spanMs / everyMs) }, (_, index): Fault => {
      const skewMs = index % 2 === 0 ? -skewMaxMs : skewMaxMs;
      return { kind: 'clock-skew', function: 'api', fromMs: index * everyMs, forMs: everyMs, skewMs };
    });
    return [
      { kind: 'request-lost', ...whole, chance: 0.2 + 0.3 * random.next() },
      { kind: 'slow', ...whole, chance: 0.1 + 0.4 * random.next() },
      ...skews,
    ];
  },
};

/** The event stream or a queue accepts a part of what is sent, or nothing, while nothing can wait for it. */
const nowhereToWait: FocusPlan = {
  temper: (random) => ({ spanMs: random.between(30 * secondMs, 3 * minuteMs) }),
  faults: (random, { spanMs }) =>
    several(random, [2, 5], (): readonly Fault[] => {
      const span = { fromMs: random.under(spanMs * 0.9), forMs: random.between(secondMs, 15 * secondMs) };
      const service = random.pick(['kinesis', 'kinesis', 'sqs'] as const);
      const kind = random.pick(['throttled', 'partial-batch', 'partial-batch'] as const);
      return [
        { kind, ...span, service, chance: 0.9 + 0.1 * random.next() },
        { kind: 'throttled', ...span, service: 'dynamodb', only: 'ControlWaiting', chance: 1 },
      ];
    }).flat(),
};

/** Results of analyses meet a log that answers nothing, again and again. */
const analysesInOutages: FocusPlan = {
  temper: (random, temper) => ({
    spanMs: random.between(20 * secondMs, 90 * secondMs),
    has: withAll(temper, 'races'),
  }),
  faults: (random, { spanMs }) =>
    several(random, [3, 8], () => ({
      ...{ kind: 'throttled', service: 'dynamodb', only: 'EventLog', chance: 1 },
      ...{ fromMs: random.under(spanMs * 0.95), forMs: random.between(2 * secondMs, 12 * secondMs) },
    })),
};

/** A table is throttled for writes and not for reads, for longer than all attempts. */
const throttledWrites: FocusPlan = {
  temper: (random) => ({ spanMs: random.between(20 * secondMs, 2 * minuteMs) }),
  faults: (random, { spanMs }) =>
    several(random, [2, 6], () => ({
      ...{ kind: 'throttled', service: 'dynamodb', writesOnly: true, chance: 1 },
      ...{ fromMs: random.under(spanMs * 0.95), forMs: random.between(5 * secondMs, 40 * secondMs) },
      only: random.pick([
        ...['ledger-read-model', 'metrics-read-model', 'dispense-read-model', 'todo-read-model'],
        ...['EventLog', 'Snapshots', 'Control', 'Parked'],
      ]),
    })),
};

/** Without them an operator is alone. */
const otherOperators: Temper['has'] = new Set(['rebuild', 'catch-up', 'operators'] as const);

/** People act until projectors are told to write a new generation, and then no more. */
const rushAtRebuild: FocusPlan = {
  temper: (random, temper) => ({
    spanMs: random.between(6 * secondMs, 20 * secondMs),
    has: new Set([...withAll(temper, 'bursts', 'races')].filter((one) => !otherOperators.has(one))),
    commands: random.between(80, 140),
    longPauseMs: 0,
  }),
  acts: (random, { temper: { spanMs } }) =>
    several(random, random.chance(0.6) ? [1, 1] : [2, 2], () => ({
      ...{ kind: 'rebuild', atMs: random.under(spanMs * 0.95), parts: random.between(1, 3) },
      readModel: random.pick(rebuilt),
      // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows; nobody awaits an act.
      then: random.pick(['drop', 'undo', 'undo', 'undo-twice', 'nothing']),
    })),
  // Answers about generations get lost until after the switch and its undo.
  faults: (random) => [
    {
      kind: 'response-lost',
      fromMs: 0,
      forMs: 5 * minuteMs,
      service: 'dynamodb',
      only: 'Control',
      chance: 0.4 * random.next(),
    },
  ],
};

/** Operators change the generations of one read model at the same moment, and do not wait before they delete rows. */
const rivalOperators: FocusPlan = {
  temper: (random, temper) => ({
    spanMs: random.between(2 * minuteMs, 4 * minuteMs),
    commands: random.between(100, 160),
    has: withAll(temper, 'races'),
  }),
  acts: (random, { temper: { spanMs } }) => {
    const readModel = random.pick(rebuilt);
    const rebuild = (atMs: number): Draft => ({
      ...{ kind: 'rebuild', atMs, readModel, parts: random.between(1, 3) },
      // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows; nobody awaits an act.
      then: random.pick(['drop', 'undo', 'undo-twice', 'nothing']),
    });
    const fromMs = random.under(20 * secondMs);
    const clash = (): readonly Draft[] => {
      const atMs = random.under(spanMs);
      const actions = several(random, [2, 4], () =>
        random.pick(['undo', 'switch', 'discard', 'drop'] as const),
      );
      return [
        ...actions.map(
          (action): Draft => ({ kind: 'interfere', atMs: atMs + random.under(20), readModel, action }),
        ),
        { kind: 'interfere', atMs: atMs + random.under(1_000), readModel, action: 'remove' },
      ];
    };
    const rebuilds = several(random, [1, 3], () =>
      rebuild(fromMs + random.under(random.chance(0.5) ? 30 : spanMs)),
    );
    return [...rebuilds, ...several(random, [3, 8], clash).flat()];
  },
  faults: (random, { spanMs }) => {
    const control = { fromMs: 0, forMs: spanMs, service: 'dynamodb', only: 'Control' } as const;
    return [
      { kind: 'slow', ...control, chance: 0.5 * random.next() },
      { kind: 'response-lost', ...control, chance: 0.3 * random.next() },
    ];
  },
};

/** Parts of what is sealed are damaged, and people ask about it right after that, before it is mended. */
const damagedPast: FocusPlan = {
  temper: (random, temper) => {
    const spanMs = random.between(30 * secondMs, 90 * secondMs);
    return {
      spanMs,
      has: withAll(temper, 'bursts'),
      longStreamEvents: random.between(1_990, 1_999),
      momentsMs: several(random, [4, 8], () => random.between(15 * secondMs, spanMs)),
    };
  },
  acts: (random, { commands, temper: { momentsMs = [] } }) =>
    momentsMs.map((damagedMs) => {
      const atMs = damagedMs + random.between(1, 300);
      const agoMs = atMs + random.between(26 * minuteMs, 60 * minuteMs);
      const laterMs = random.between(10, 5 * secondMs);
      return { kind: 'ask-past', atMs, who: random.pick(commands).who, agoMs, laterMs };
    }),
  faults: (random, { momentsMs = [] }) =>
    momentsMs.map((fromMs) => ({ kind: 'segments-damaged', fromMs, share: 0.3 + 0.7 * random.next() })),
};

const plans: Readonly<Record<Focus, FocusPlan>> = {
  'hasty-questions': hastyQuestions,
  'nowhere-to-wait': nowhereToWait,
  'analyses-in-outages': analysesInOutages,
  'throttled-writes': throttledWrites,
  'rush-at-rebuild': rushAtRebuild,
  'rival-operators': rivalOperators,
  'damaged-past': damagedPast,
};

/** The temper of a history with this focus. */
export function focused(random: Random, focus: Focus, temper: Temper): Temper {
  return { ...temper, ...plans[focus].temper?.(random, temper), focus };
}

/** What people do beside the rest. */
export function focusActs(random: Random, planned: Planned): readonly Draft[] {
  const { focus } = planned.temper;
  return focus === undefined ? [] : (plans[focus].acts?.(random, planned) ?? []);
}

/** What goes wrong beside the rest. */
export function focusFaults(random: Random, temper: Temper): readonly Fault[] {
  const { focus } = temper;
  return focus === undefined ? [] : (plans[focus].faults?.(random, temper) ?? []);
}

function withAll({ has }: Temper, ...more: readonly Parameters<Temper['has']['has']>[0][]): Temper['has'] {
  return new Set([...has, ...more]);
}
