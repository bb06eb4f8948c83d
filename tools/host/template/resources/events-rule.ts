import { accountId, region } from '../../aws-json.ts';
import type { EventRule } from '../../event-sources/event-rules.ts';
import { parsePattern } from '../../event-sources/filter.ts';
import { parseRate, type Schedule } from '../../event-sources/schedule.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceHandler, World } from '../world.ts';
import { optionalRecord, optionalText } from './properties.ts';

interface Target {
  Arn: string;
  Input?: string;
}

/** AWS::Events::Rule with a schedule, for functions, or on events of AWS, for queues. Buses do not run here. */
export const eventsRule: ResourceHandler = ({ logicalId, physicalName, properties }, world) => {
  const name = optionalText(properties, 'Name') ?? physicalName;
  const ruleArn = `arn:aws:events:${region}:${accountId}:rule/${name}`;
  const targets = properties['State'] === 'DISABLED' ? [] : ((properties['Targets'] ?? []) as Target[]);
  const expression = optionalText(properties, 'ScheduleExpression');
  const pattern = optionalRecord(properties, 'EventPattern');
  if (expression !== undefined) {
    for (const target of targets)
      world.schedules.push(scheduleOf(logicalId, expression, ruleArn, target, world));
  } else if (pattern !== undefined) {
    for (const target of targets) world.eventRules.push(eventRuleOf(logicalId, pattern, target));
  }
  return { ref: name, attributes: { Arn: ruleArn } };
};

function scheduleOf(
  logicalId: string,
  expression: string,
  ruleArn: string,
  { Arn, Input }: Target,
  { functions }: World,
): Schedule {
  const periodMs = parseRate(expression);
  const target = functions.find(Arn);
  if (target === undefined) throw new UserError(`${logicalId}: the target of the schedule is no function.`);
  return { ruleArn, periodMs, target, ...(Input !== undefined && { input: Input }) };
}

/** The one event that is told of here is that of a bucket which gets what an event source gave up. */
function eventRuleOf(logicalId: string, pattern: object, { Arn }: Target): EventRule {
  const isOfBucket = 'source' in pattern && String(pattern.source) === 'aws.s3';
  if (!isOfBucket || !Arn.startsWith('arn:aws:sqs:')) {
    throw new UserError(`${logicalId}: only rules that send events of buckets to queues run here.`);
  }
  return { pattern: parsePattern(JSON.stringify(pattern)), queueArn: Arn };
}
