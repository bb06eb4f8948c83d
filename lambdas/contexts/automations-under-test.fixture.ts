import type { SQSRecord } from 'aws-lambda';
import { silentObserver } from '../kernel/index.ts';
import { MemoryBookmarks } from '../kernel/memory/index.ts';
import { encodeCommit } from '../messaging/published-commit.ts';
import { analyzeAndRecord } from './dispense/automations/analysis/analyze-and-record.fixture.ts';
import type { DispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import { trustedReading } from './dispense/domain/dispense.fixture.ts';
import { sweepDueTargets } from './metrics/automations/sweep.ts';
import type { MetricsUnderTest } from './metrics/metrics-under-test.fixture.ts';

const observer = silentObserver;

/** Sweeps the metrics that their read model knows. `now`: ISO 8601, UTC, ms. */
export function sweep({ readModel, handler }: MetricsUnderTest, now: string) {
  const own = { readModel, handler, observer, bookmarks: new MemoryBookmarks(), settled: new Set<string>() };
  return sweepDueTargets(own, now, () => true);
}

/** Delivers every upload of a dispense to the analyzer, which reads a drug. The document needs not exist. */
export async function analyze({ log, handler, keys, clock }: DispenseUnderTest, id: string) {
  const commits = (await Array.fromAsync(log.read(`dispense/${id}`))).flat();
  const records = commits.map(
    (commit, index) =>
      ({
        messageId: `m${index}`,
        body: encodeCommit(commit),
        attributes: { ApproximateReceiveCount: '1' },
      }) as SQSRecord,
  );
  const documents = {
    keep: async () => undefined,
    get: async () => ({ contentType: 'text/plain', bytes: Buffer.from('Drug') }) as const,
  };
  const analyzer = { analyze: async () => trustedReading };
  return analyzeAndRecord(records, {
    log,
    documents,
    analyzer,
    handler,
    keys,
    observer,
    now: () => clock.now,
  });
}
