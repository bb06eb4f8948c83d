import type { MetricEffect } from './metric-book.ts';
import { MetricBook } from './metric-book.ts';
import { type MetricCommand, type MetricRefusal, metricCommand } from './metric-commands.ts';
import type { MetricStepKind } from './metrics-plan.ts';
import type { Random } from './random.ts';
import type { Window } from './server-clock.ts';

const refusedKinds = [
  'deadline-passed',
  'in-the-future',
  'before-creation',
  'bad-value',
  'unknown-metric',
  'stale-version',
] as const satisfies readonly MetricStepKind[];

/** The steps that have to be refused whatever the metric holds. */
export type RefusedKind = (typeof refusedKinds)[number];

export function isRefusedKind(kind: MetricStepKind): kind is RefusedKind {
  return refusedKinds.some((one) => one === kind);
}

/** Bodies that hold no values a metric takes. */
const badBodies: readonly (readonly [body: unknown])[] = [
  [{ value: 'twelve' }],
  [{ value: null }],
  [{ value: '1e400' }],
  [{ value: 1, at: '2027-01-01T00:00:00' }],
  [[]],
  [[{ value: 1 }, {}]],
  [Array.from({ length: 1_001 }, (_, value) => ({ value }))],
];

const hourMs = 3_600_000;

export interface RefusedStep {
  readonly kind: RefusedKind;
  readonly book: MetricBook;
  /** Serves as the id of a metric that is none, too. */
  readonly key: string;
  /** What the server's clock may show. */
  readonly now: Window;
  readonly random: Random;
}

/** A command that breaks a rule, and the refusals it may meet. */
export function refusedCommand(step: RefusedStep): {
  readonly command: MetricCommand;
  readonly refusals: readonly MetricRefusal[];
} {
  const { kind, book, key, now, random } = step;
  const values = (...atMs: readonly (number | undefined)[]): MetricEffect => ({
    kind: 'values',
    values: atMs.map((at) => ({ value: book.newValue(random.below(100)), atMs: at })),
  });
  const refused = (effect: MetricEffect, refusal: MetricRefusal, ifMatchVersion?: number) => ({
    command: metricCommand(book, effect, { key, ifMatchVersion }),
    refusals: [refusal],
  });
  switch (kind) {
    case 'deadline-passed': {
      const deadlineMs = now.earliestMs - random.below(hourMs);
      return refused({ kind: 'target', value: 1, deadlineMs }, 'metrics/deadline-passed');
    }
    case 'in-the-future':
      return refused(values(undefined, now.latestMs + hourMs, book.createdAtMs), 'metrics/in-the-future');
    case 'before-creation':
      return refused(values(undefined, book.createdAtMs - 1), 'metrics/before-creation');
    case 'stale-version':
      return refused(values(undefined), 'version-mismatch', book.version - 1);
    case 'bad-value': {
      const [body] = badBodies[random.below(badBodies.length)] ?? [undefined];
      const { command, refusals } = refused(values(undefined), 'invalid-body');
      return { command: { ...command, request: { ...command.request, body } }, refusals };
    }
    case 'unknown-metric': {
      const nobody = new MetricBook(key, book.terms, book.createdAtMs);
      return { command: metricCommand(nobody, values(undefined), { key }), refusals: ['metrics/not-found'] };
    }
  }
}
