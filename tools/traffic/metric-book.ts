import type { Window } from './server-clock.ts';
import { Turns } from './turns.ts';

export const metricStatuses = ['untargeted', 'active', 'successful', 'expired', 'archived'] as const;
export type MetricStatus = (typeof metricStatuses)[number];

/** A value as sent; no two of a metric are the same number, so that each is known again in the history. */
export interface SentValue {
  readonly value: number;
  /** When it was measured, in ms since 1970; undefined: when the server takes it. */
  readonly atMs?: number | undefined;
}

/** What a command does to a metric that exists. */
export type MetricEffect =
  | { readonly kind: 'target'; readonly value: number; readonly deadlineMs: number }
  | { readonly kind: 'values'; readonly values: readonly SentValue[] }
  | { readonly kind: 'archive' };

type TargetEffect = Extract<MetricEffect, { kind: 'target' }>;

/** The server's answer to a command: where the metric stands with it. */
export interface MetricAcknowledgement {
  readonly version: number;
  readonly status: MetricStatus;
  /** The value with the latest instant. */
  readonly value: number | undefined;
}

/** A command that was acknowledged; `now`: when the server carried it out, by its own clock. */
export type BookedCommand = MetricAcknowledgement & { readonly effect: MetricEffect; readonly now: Window };

export interface MetricTerms {
  readonly name: string;
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
}

/** Values differ in their whole part or in these decimals. */
const valuesPerWhole = 10 ** 6;

/** What one metric must look like, from nothing but acknowledged commands, in whatever order they come in. */
export class MetricBook {
  readonly id: string;
  readonly terms: MetricTerms;
  /** By the server's clock, ms since 1970. */
  readonly createdAtMs: number;
  /** The commands on the metric that are under way. */
  readonly turns = new Turns();
  /** A command to archive it is on its way, or was. */
  isArchiving = false;
  readonly #commands: BookedCommand[] = [];
  readonly #versions = new Set([1]);
  readonly #findings: string[] = [];
  #version = 1;
  #values = 0;
  #target: { readonly effect: TargetEffect; readonly version: number } | undefined;

  constructor(id: string, terms: MetricTerms, createdAtMs: number) {
    this.id = id;
    this.terms = terms;
    this.createdAtMs = createdAtMs;
  }

  /** The highest that was acknowledged. */
  get version(): number {
    return this.#version;
  }

  /** What acknowledgements said that cannot be. */
  get findings(): readonly string[] {
    return this.#findings;
  }

  /** In the order in which the server carried them out, whatever the order of its answers. */
  get commands(): BookedCommand[] {
    return this.#commands.toSorted((a, b) => a.version - b.version);
  }

  /** The target set last. */
  get target(): TargetEffect | undefined {
    return this.#target?.effect;
  }

  /** Values that acknowledged commands have recorded. */
  get valueCount(): number {
    return this.#commands.reduce(
      (sum, { effect }) => sum + (effect.kind === 'values' ? effect.values.length : 0),
      0,
    );
  }

  /** A value that this metric was never sent; `whole` becomes its whole part. */
  newValue(whole: number): number {
    this.#values += 1;
    const sign = whole < 0 ? -1 : 1;
    return (whole * valuesPerWhole + sign * this.#values) / valuesPerWhole;
  }

  book(command: BookedCommand): void {
    const { version, effect } = command;
    if (this.#versions.has(version))
      this.#findings.push(`version ${version} was acknowledged to two commands`);
    this.#versions.add(version);
    this.#commands.push(command);
    if (effect.kind === 'target' && version > (this.#target?.version ?? 0))
      this.#target = { effect, version };
    this.#version = Math.max(this.#version, version);
  }
}
