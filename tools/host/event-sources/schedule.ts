import { randomUUID } from 'node:crypto';
import { accountId, region } from '../aws-json.ts';
import type { AsynchronousInvocations } from '../lambda/asynchronous.ts';
import type { LocalFunction } from '../lambda/function.ts';
import { messageOf, UserError } from '../user-error.ts';

/** A function that is invoked at a fixed rate. The first invocation is one period after the start. */
export interface Schedule {
  readonly ruleArn: string;
  readonly periodMs: number;
  readonly target: LocalFunction;
  /** The event, as JSON. Absent: EventBridge's own. */
  readonly input?: string;
}

const unitMs: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * The period of `rate(5 minutes)`, in ms.
 * @throws {UserError} for anything else.
 */
export function parseRate(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(expression) ?? [];
  const periodMs = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (periodMs > 0) return periodMs;
  throw new UserError(
    `the schedule ${expression} is not supported: only rates are, such as rate(5 minutes).`,
  );
}

/** Starts the timers. The result stops them. As on AWS, the invocations are asynchronous: Lambda's rules for their retries apply. */
export function startSchedules(
  schedules: readonly Schedule[],
  asynchronous: AsynchronousInvocations,
  warn: (line: string) => void,
): { stop(): void } {
  const timers = schedules.map((schedule) =>
    setInterval(() => invoke(schedule, asynchronous, warn), schedule.periodMs),
  );
  return { stop: () => timers.forEach(clearInterval) };
}

function invoke(
  schedule: Schedule,
  asynchronous: AsynchronousInvocations,
  warn: (line: string) => void,
): void {
  const { name } = schedule.target.configuration;
  try {
    const event = schedule.input ?? scheduledEvent(schedule);
    asynchronous.accept(schedule.target, event, 'a scheduled invocation');
  } catch (error) {
    warn(`${name} was not invoked on its schedule: ${messageOf(error)}`);
  }
}

function scheduledEvent({ ruleArn }: Schedule): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region,
    resources: [ruleArn],
    detail: {},
  });
}
