import { accountId, region } from '../../aws-json.ts';
import { parsePattern } from '../../event-sources/filter.ts';
import { parseRate } from '../../event-sources/schedule.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceType } from '../world.ts';
import { functionNamed, optionalText } from './properties.ts';

interface Target {
  Id: string;
  Arn: string;
  /** Has no effect: it is for events that Lambda does not accept. Lambda itself repeats an invocation that failed. */
  RetryPolicy?: object;
  /** The event that a schedule sends, as JSON. Absent: EventBridge's own. */
  Input?: string;
}

const targetProperties = ['Id', 'Arn', 'RetryPolicy', 'Input'];

/** AWS::Events::Rule: a schedule for functions, or events of buckets for queues. */
export const eventsRule: ResourceType = {
  properties: ['EventPattern', 'ScheduleExpression', 'Targets'],
  ignored: ['Description', 'State'],
  create: ({ physicalName, properties }, world) => {
    const ruleArn = `arn:aws:events:${region}:${accountId}:rule/${physicalName}`;
    const expression = optionalText(properties, 'ScheduleExpression');
    for (const target of (properties['Targets'] ?? []) as Target[]) {
      requireSupported(target);
      if (expression === undefined) {
        world.eventRules.push(eventRuleOf(properties['EventPattern'], target));
      } else {
        const periodMs = parseRate(expression);
        const { Arn, Input: input } = target;
        const scheduled = { ruleArn, periodMs, target: functionNamed(world.functions, Arn) };
        world.schedules.push({ ...scheduled, ...(input !== undefined && { input }) });
      }
    }
    return { ref: physicalName, attributes: { Arn: ruleArn } };
  },
};

function requireSupported(target: Target): void {
  const unknown = Object.keys(target).find((name) => !targetProperties.includes(name));
  if (unknown !== undefined) throw new UserError(`the property ${unknown} of a target is not supported.`);
}

/** The only events here are those of a failure bucket. */
function eventRuleOf(pattern: unknown, { Arn, Input }: Target) {
  const source = (pattern as { source?: unknown } | undefined)?.source;
  if (String(source) !== 'aws.s3' || !Arn.startsWith('arn:aws:sqs:')) {
    throw new UserError('only rules that send events of buckets to queues are supported.');
  }
  if (Input !== undefined)
    throw new UserError('the property Input of a target is only supported for schedules.');
  return { pattern: parsePattern(JSON.stringify(pattern)), queueArn: Arn };
}
