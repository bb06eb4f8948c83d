import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../../../tools/host/poll.ts';
import { Random } from '../world/random.ts';
import type { KilledHost } from './killed-host.ts';
import { isAcknowledged, type Recorder } from './recorder.ts';

/** How often the host is killed, and what decides when. */
export interface KillOptions {
  readonly seed: number;
  readonly restarts: number;
  readonly say?: (line: string) => void;
}

/** Acknowledged commands between a start and the next kill, at most. */
const acknowledgedMax = 15;
/** How long a kill waits for traffic at most, in ms. */
const trafficTimeoutMs = 30_000;

/** Kills the host at moments of the seed. At the end it is up. */
export async function restartAgainAndAgain(
  host: KilledHost,
  { operations }: Recorder,
  { seed, restarts, say }: KillOptions,
): Promise<void> {
  const random = new Random(seed, 'kills');
  const acknowledged = () => operations.filter(isAcknowledged).length;
  host.spawn();
  for (let restart = 1; restart <= restarts; restart += 1) {
    // Some are killed while they start.
    if (random.chance(0.15)) await delay(random.between(50, 1_200));
    else {
      await host.untilReady();
      const enough = acknowledged() + random.between(0, acknowledgedMax);
      await poll(acknowledged, (count) => count >= enough, {
        timeoutMs: trafficTimeoutMs,
        intervalMs: 5,
        onTimeout: (count) => new Error(`Only ${count} of ${enough} commands were acknowledged in time.`),
      });
      await delay(random.between(0, 60));
    }
    await host.kill(random.chance(0.5));
    say?.(`Killed ${restart} of ${restarts} times; ${acknowledged()} commands are acknowledged.`);
    host.spawn();
  }
  await host.untilReady();
}
