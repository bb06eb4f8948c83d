import type { IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** The packs of cdk-nag for standards, by the prefix of their rules. */
const packs = { hipaa: 'HIPAA.Security', nist: 'NIST.800.53.R5', pci: 'PCI.DSS.321' } as const;

type Pack = keyof typeof packs;

const all: readonly Pack[] = ['hipaa', 'nist', 'pci'];
const withoutPci: readonly Pack[] = ['hipaa', 'nist'];

/** A rule that the whole stack does not follow, by its name without the pack. `docs/operations.md` has them all. */
interface StandardRule {
  readonly rule: string;
  /** The packs that have it. */
  readonly in: readonly Pack[];
  readonly reason: string;
}

const acceptedRules: readonly StandardRule[] = [
  {
    rule: 'IAMNoInlinePolicy',
    in: all,
    reason:
      'Each policy belongs to one role, and has what this one needs. A managed policy can be attached to other roles.',
  },
  {
    rule: 'LambdaInsideVPC',
    in: all,
    reason:
      'Functions listen on no port, and call AWS only, by HTTPS and IAM. A VPC would check nothing more, and needs a paid endpoint for each service.',
  },
  {
    rule: 'LambdaConcurrency',
    in: withoutPci,
    reason:
      'The sources limit how many run: the shards of a stream, the maximum of a queue, one run of a schedule. Lambda reads more for a reserved function than it lets run.',
  },
  {
    rule: 'LambdaDLQ',
    in: withoutPci,
    reason:
      'What fails waits elsewhere: batches in the failure bucket, messages in failure queues. Callers get the error, and schedules run again.',
  },
  {
    rule: 'DynamoDBInBackupPlan',
    in: withoutPci,
    reason:
      'Point-in-time recovery restores any second of the last 35 days. A backup that is kept longer would bring back data of people who were erased.',
  },
  {
    rule: 'S3BucketLoggingEnabled',
    in: all,
    reason:
      'CloudTrail records who uses documents and batches, on stages with `dataEvents`. Its own bucket would have logs about logs.',
  },
  {
    rule: 'S3BucketReplicationEnabled',
    in: all,
    reason:
      'A copy in another region would outlive an erasure. S3 stores each object in at least three availability zones.',
  },
];

/** Accepts the findings of the packs for standards that are true for every part of a stack. */
export function acknowledgeStandards(stack: IConstruct): void {
  for (const { rule, in: inPacks, reason } of acceptedRules) {
    acknowledgeStandard(stack, rule, reason, inPacks);
  }
}

/** Accepts that alarms of a stack have no action. */
export function acknowledgeSilence(stack: IConstruct): void {
  const reason =
    'Whoever deploys the stage has set `alarms` to `silent`: they look at the alarms in the console.';
  acknowledgeStandard(stack, 'CloudWatchAlarmAction', reason, withoutPci);
}

/** Accepts the finding of a rule for one construct, in all packs that have the rule. Default: in all. */
export function acknowledgeStandard(
  construct: IConstruct,
  rule: string,
  reason: string,
  inPacks: readonly Pack[] = all,
): void {
  for (const pack of inPacks) acknowledge(construct, `${packs[pack]}-${rule}`, reason);
}
