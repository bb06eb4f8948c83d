import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { aggregateNames } from '../../schema/contexts.ts';
import { telemetryDimensions, telemetryNamespace, telemetryUnits } from '../../schema/telemetry.ts';
import { InvocationTelemetry } from './invocation-telemetry.ts';

const now = '2026-05-01T10:00:05.000Z';
const effects = { now: () => now };
const env = { POWERTOOLS_SERVICE_NAME: 'api', STAGE: 'test' };

afterEach(() => {
  jest.restoreAllMocks();
});

/** Telemetry, and the lines that it writes to stdout. */
function setUp() {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  // Powertools uses its own clock.
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse(now));
  return { written, telemetry: new InvocationTelemetry(env, effects) };
}

const committedAt = (time: string) => ({ committedAt: time });

describe('the telemetry of an invocation', () => {
  it('is one line in the embedded metric format', () => {
    const { written, telemetry } = setUp();
    telemetry.count('Commands');
    telemetry.count('Commands', 2);
    telemetry.count('Conflicts');
    telemetry.lag('PublishLag', [
      committedAt('2026-05-01T10:00:04.900Z'),
      committedAt('2026-05-01T10:00:04.750Z'),
    ]);
    telemetry.flush();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(written[0] ?? '')).toEqual({
      _aws: {
        Timestamp: Date.parse(now),
        CloudWatchMetrics: [
          {
            Namespace: 'Streamfold',
            Dimensions: [['service', 'stage']],
            Metrics: [
              { Name: 'Commands', Unit: 'Count' },
              { Name: 'Conflicts', Unit: 'Count' },
              { Name: 'PublishLag', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      service: 'api',
      stage: 'test',
      Commands: 3,
      Conflicts: 1,
      PublishLag: 250,
    });
  });

  it('has the namespace and dimensions that alarms and dashboard use', () => {
    const { written, telemetry } = setUp();
    telemetry.count('Commands');
    telemetry.flush();
    const [sent] = JSON.parse(written[0] ?? '')._aws.CloudWatchMetrics;
    expect(sent.Namespace).toBe(telemetryNamespace);
    expect(sent.Dimensions[0].toSorted()).toEqual([...telemetryDimensions].sort());
  });

  it('is written once, for any number of counts', () => {
    const { written, telemetry } = setUp();
    for (let count = 0; count < 1_000; count += 1) telemetry.count('Refusals');
    telemetry.flush();
    expect(written.map((line) => JSON.parse(line).Refusals)).toEqual([1_000]);
  });

  it('is not written if it is empty, and starts from zero at every invocation', () => {
    const { written, telemetry } = setUp();
    telemetry.lag('ProjectionLag', []);
    telemetry.lag('ProjectionLag', [committedAt('yesterday')]);
    telemetry.flush();
    expect(written).toEqual([]);
    telemetry.count('Parked');
    telemetry.flush();
    telemetry.flush();
    expect(written).toHaveLength(1);
  });

  it('has no negative lag although clocks differ', () => {
    const { written, telemetry } = setUp();
    telemetry.lag('ProjectionLag', [committedAt('2026-05-01T10:00:05.002Z')]);
    telemetry.flush();
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ ProjectionLag: 0 });
  });

  it('counts published commits by context, and no other category', () => {
    const { written, telemetry } = setUp();
    telemetry.published([
      { stream: 'ledger/a' },
      { stream: 'ledger/b' },
      { stream: 'metrics/m' },
      { stream: 'odd/o' },
    ]);
    telemetry.flush();
    expect(written).toHaveLength(1);
    expect(JSON.parse(String(written[0]))).toMatchObject({ PublishedLedger: 2, PublishedMetrics: 1 });
    expect(String(written[0])).not.toContain('Odd');
  });

  it('requires the names of function and stage', () => {
    expect(() => new InvocationTelemetry({ STAGE: 'test' }, effects)).toThrow('POWERTOOLS_SERVICE_NAME');
    expect(() => new InvocationTelemetry({ POWERTOOLS_SERVICE_NAME: 'api' }, effects)).toThrow('STAGE');
  });

  it('stays small: each metric is billed once for every function and stage that sends it', () => {
    expect(Object.keys(telemetryUnits)).toHaveLength(16 + aggregateNames.length);
  });
});
