import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { contextNames, queueNames } from '../../schema/contexts.ts';
import { telemetryDimensions, telemetryUnits } from '../../schema/telemetry.ts';
import { functions, parkingFunctions, streamConsumers } from '../support/deployed.ts';
import { sectionsOf } from '../support/runbook.ts';
import { resources, templateOf } from '../support/synthesized.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Metrics?: unknown;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: string;
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
}

const alarmsOf = (template: Template) =>
  resources(template, 'AWS::CloudWatch::Alarm').map(
    ([id, { Properties }]) => ({ id, ...(Properties as object) }) as AlarmProperties & { id: string },
  );
const anchorOf = ({ AlarmDescription }: AlarmProperties) => AlarmDescription.split('#')[1] ?? '';

let prod: Template;
let alarms: ReturnType<typeof alarmsOf>;
beforeAll(() => {
  // With the retention, so that every alarm exists.
  prod = templateOf('prod', { alarms: { email: 'ops@example.com' }, retentionDays: 3_650 });
  alarms = alarmsOf(prod);
});

describe('alarms', () => {
  it('watch every function, stream, queue and table', () => {
    const kinds: Record<string, number> = {};
    for (const alarm of alarms) {
      const kind = `${anchorOf(alarm)}: ${alarm.Namespace} ${alarm.MetricName}`;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    expect(kinds).toEqual({
      'function-errors: AWS/Lambda Errors': functions.length,
      'function-throttled: AWS/Lambda Throttles': functions.length,
      'api-errors: AWS/ApiGateway 5xx': 1,
      'records-given-up: AWS/SQS ApproximateNumberOfMessagesVisible': 1,
      'batches-not-kept: AWS/Lambda DestinationDeliveryFailures': streamConsumers.length,
      'consumer-behind: AWS/Lambda IteratorAge': streamConsumers.length,
      // Not the failure queue of the analyzer: what waits there is handled.
      'messages-given-up: AWS/SQS ApproximateNumberOfMessagesVisible': queueNames.length - 1,
      'queue-behind: AWS/SQS ApproximateAgeOfOldestMessage': queueNames.length,
      'consumer-not-invoked: undefined undefined': streamConsumers.length,
      'parked: Streamfold Parked': parkingFunctions.length,
      'commits-waiting: Streamfold WaitingLag': 1,
      'commits-waiting: AWS/Events Invocations': 1,
      'sweeper-stopped: AWS/Lambda Invocations': 1,
      'retention-stopped: AWS/Events Invocations': 1,
      'rebuild-failed: AWS/States ExecutionsFailed': 1,
      'verifier-stopped: AWS/Lambda Invocations': 1,
      'row-differs: Streamfold Differences': 1,
      'table-throttled: AWS/DynamoDB WriteThrottleEvents': 1,
      'table-throttled: AWS/DynamoDB ReadThrottleEvents': 1,
      'table-throttled: AWS/DynamoDB ThrottledRequests': contextNames.length,
      'log-failing: AWS/DynamoDB SystemErrors': 1,
      'log-changed: Streamfold LogChanged': functions.length,
      'key-calls: undefined undefined': 1,
      'event-stream-throttled: AWS/Kinesis WriteProvisionedThroughputExceeded': 1,
    });
  });

  it('say what users notice, where it is, and which section of the runbook to read', () => {
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(
        /^[A-Z][^.]*[a-z]\. \(streamfold-prod\/[\w/]+\) What to do: docs\/runbook\.md#[a-z-]+$/,
      );
    }
  });

  it('each have a section of the runbook, and every section has an alarm', () => {
    const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
    const { alarms: sections, procedures } = sectionsOf(runbook);
    expect([...new Set(alarms.map(anchorOf))].sort()).toEqual([...sections.keys()].sort());
    for (const [anchor, text] of sections) {
      const headings = [...text.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, heading]) => heading);
      expect({ anchor, headings }).toEqual({
        anchor,
        headings: ['What it means.', 'Look.', 'Do.', 'Over when'],
      });
    }
    expect(procedures.size).toBeGreaterThan(0);
    const [, ...rehearsed] = procedures;
    for (const [anchor, text] of rehearsed) {
      expect({ anchor, text }).toEqual({ anchor, text: expect.stringMatching(/^\n\*\*Rehearse:\*\* \S/) });
    }
    const known = new Set([...sections.keys(), ...procedures.keys()]);
    const linked = [...runbook.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor ?? '');
    expect(linked.filter((anchor) => !known.has(anchor))).toEqual([]);
  });

  it('have a runbook that names functions and resources that exist', () => {
    const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
    const ids = Object.keys(prod.toJSON()['Resources']);
    const named = [
      ...runbook.matchAll(/(?:physicalId|warnings) "?([A-Z]\w+)|QUEUE=(\w+)|LOG=(\w+)|`([A-Z]\w+Logs)`/g),
    ]
      .map((match) => match.slice(1).find((name) => name !== undefined) ?? '')
      .flatMap((name) => (name.endsWith('Queue') ? [name, `${name}Failures`] : [name]));
    const found = (name: string) => ids.filter((id) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id));
    expect(new Set(named).size).toBeGreaterThan(10);
    expect(named.filter((name) => found(name).length !== 1)).toEqual([]);

    const invoked = [...runbook.matchAll(/(?:invoke (?=[a-z-]+ ')|\$STAGE-|CONSUMER=)([a-z][a-z-]+)/g)].map(
      ([, name]) => name,
    );
    const known = resources(prod, 'AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties['FunctionName'],
    );
    expect(invoked.length).toBeGreaterThan(5);
    expect(invoked.filter((name) => !known.includes(`streamfold-prod-${name}` as never))).toEqual([]);
  });

  it('treat missing data as good, except the alarms on schedules', () => {
    const loud = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching');
    const silence = (id: RegExp, Period = 300) => ({
      id: expect.stringMatching(id),
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period,
      EvaluationPeriods: 3,
    });
    expect(loud).toMatchObject([
      silence(/^PublisherNotDrained/),
      silence(/^VerifyStopped/, 3_600),
      silence(/^MetricsSweeperStopped/),
      silence(/^PersonEraserRetentionStopped/, 3_600),
    ]);
  });

  it('go off at once for what is parked or changed, and stay on for an hour after the last time', () => {
    for (const alarm of alarms.filter((each) => ['parked', 'log-changed'].includes(anchorOf(each) ?? ''))) {
      expect(alarm).toMatchObject({ Threshold: 0, Period: 300, EvaluationPeriods: 12, DatapointsToAlarm: 1 });
    }
  });

  it('stay on for a day for rows that differ, because the next sample has other rows', () => {
    const [differ] = alarms.filter((each) => anchorOf(each) === 'row-differs');
    expect(differ).toMatchObject({
      Threshold: 0,
      Period: 3_600,
      EvaluationPeriods: 24,
      DatapointsToAlarm: 1,
    });
  });

  it('go off within minutes for records that wait, also if the consumer is not invoked in every minute', () => {
    for (const alarm of alarms.filter((each) => anchorOf(each) === 'consumer-behind')) {
      expect(alarm).toMatchObject({
        Threshold: 60_000,
        Period: 60,
        DatapointsToAlarm: 2,
        EvaluationPeriods: 10,
        TreatMissingData: 'notBreaching',
      });
    }
  });

  it('read telemetry by the dimensions that functions send', () => {
    const services = alarms
      .filter(({ Namespace }) => Namespace === 'Streamfold')
      .map(({ MetricName = '', Dimensions = [] }) => {
        expect(Object.keys(telemetryUnits)).toContain(MetricName);
        expect(Dimensions.map(({ Name }) => Name).sort()).toEqual([...telemetryDimensions].sort());
        return Dimensions.find(({ Name }) => Name === 'service')?.Value;
      });
    // Every function reads the log or its stream.
    expect(services.sort()).toEqual([...parkingFunctions, ...functions, 'publisher', 'verifier'].sort());
  });

  it('compute from one metric each on the stage of emulators, which support no others', () => {
    for (const { MetricName, Metrics } of alarmsOf(templateOf('local')))
      expect([typeof MetricName, Metrics]).toEqual(['string', undefined]);
  });
});

describe('the mail of alarms', () => {
  it('is sent when an alarm goes off and when it is over', () => {
    const [[topic] = []] = resources(prod, 'AWS::SNS::Topic');
    for (const { AlarmActions, OKActions } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: topic }], [{ Ref: topic }]]);
    }
    prod.hasResourceProperties('AWS::SNS::Subscription', {
      TopicArn: { Ref: topic },
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });

  it('is encrypted with a key that alarms may use, and sent by TLS only', () => {
    const [[topic, { Properties: properties }] = ['', { Properties: {} }]] = resources(
      prod,
      'AWS::SNS::Topic',
    );
    // Not the storage key: who disables that one is not to silence the alarms about it.
    const [[key, { Properties: keyProperties }] = ['', { Properties: {} }]] = mailKeys(prod);
    expect(properties).toEqual({ KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] } });
    expect(keyProperties).toMatchObject({
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          }),
        ]),
      },
    });
    prod.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: topic }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { ArnLike: {} },
          },
        ],
      },
    });
  });

  it.each(['local', 'dev'])('does not exist on a silent stage (%s), but its alarms do', (stage) => {
    const template = templateOf(stage);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    expect(mailKeys(template)).toEqual([]);
    const own = alarms
      .filter((alarm) => stage !== 'local' || alarm.MetricName !== undefined)
      .filter((alarm) => anchorOf(alarm) !== 'retention-stopped');
    expect(alarmsOf(template)).toHaveLength(own.length);
    for (const { AlarmActions, OKActions } of alarmsOf(template))
      expect([AlarmActions, OKActions]).toEqual([undefined, undefined]);
  });
});

function mailKeys(template: Template) {
  return resources(template, 'AWS::KMS::Key').filter(([id]) => id.startsWith('OperationsMail'));
}
