import type { ConsumerName } from '../world/faults.ts';
import { tell } from './operator.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';

/** A record that the Lambda service gave up, as the failure bucket keeps it. */
export interface KeptRecord {
  readonly consumer: ConsumerName;
  readonly record: unknown;
}

/** Records of one payload, and attempts of it. */
const payloadMax = 50;
const attemptsMax = 6;
const waitMs = 5_000;
const patienceMs = 2 * 60_000;

/** Delivers what was given up once more, as the runbook says ("Replay a batch"). What fails is tried again, a few times. */
export async function replay(around: Surroundings, kept: readonly KeptRecord[]): Promise<void> {
  for (const [consumer, own] of Map.groupBy(kept, (each) => each.consumer)) {
    tell(around, () => `replays ${own.length} records that ${consumer} never got`);
    for (let first = 0; first < own.length; first += payloadMax) {
      await replayPayload(around, consumer, own.slice(first, first + payloadMax));
    }
  }
}

async function replayPayload(
  around: Surroundings,
  consumer: ConsumerName,
  kept: readonly KeptRecord[],
): Promise<void> {
  const event = { Records: kept.map(({ record }) => record) };
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const end = await endWithin(around, patienceMs, around.invoke(consumer, event));
    const failed = end.ok ? (end.result as Answer).batchItemFailures : undefined;
    if (failed?.length === 0) return;
    await pause(around, waitMs * attempt);
  }
  tell(around, () => `gives up the replay of ${kept.length} records of ${consumer}`);
}

interface Answer {
  readonly batchItemFailures: readonly unknown[];
}
