import { accountId, region } from '../../aws-json.ts';
import { parseRate } from '../../event-sources/schedule.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalText } from './properties.ts';

interface Target {
  Arn: string;
  Input?: string;
}

/** AWS::Events::Rule with a schedule. Buses and event patterns do not run here. */
export const eventsRule: ResourceHandler = ({ logicalId, physicalName, properties }, world) => {
  const name = optionalText(properties, 'Name') ?? physicalName;
  const ruleArn = `arn:aws:events:${region}:${accountId}:rule/${name}`;
  const expression = optionalText(properties, 'ScheduleExpression');
  if (expression === undefined) throw new UserError(`${logicalId}: only rules with a schedule run here.`);
  const periodMs = parseRate(expression);
  if (properties['State'] !== 'DISABLED') {
    for (const { Arn, Input } of (properties['Targets'] ?? []) as Target[]) {
      const target = world.functions.find(Arn);
      if (target === undefined) throw new UserError(`${logicalId}: the rule's target is no function.`);
      world.schedules.push({ ruleArn, periodMs, target, ...(Input !== undefined && { input: Input }) });
    }
  }
  return { ref: name, attributes: { Arn: ruleArn } };
};
