import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AlarmMail } from './alarm-mail.ts';
import { OperationsDashboard, type OperationsDashboardProps } from './operations-dashboard.ts';
import type { StageConfig } from './stages.ts';

export interface OperationsProps extends Omit<OperationsDashboardProps, 'alarms' | 'logGroups'> {
  readonly alarms: StageConfig['alarms'];
}

/** How people see what the stack does: the dashboard, and the mail that its alarms send. Made last, when all alarms are there. */
export class Operations extends Construct {
  readonly dashboard: OperationsDashboard;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const constructs = Stack.of(this).node.findAll();
    const alarms = constructs.filter((construct) => construct instanceof Alarm);
    const logGroups = constructs.filter((construct) => construct instanceof LogGroup);
    if (props.alarms !== 'silent') new AlarmMail(this, 'Mail', { email: props.alarms.email, alarms });
    this.dashboard = new OperationsDashboard(this, 'Dashboard', { ...props, alarms, logGroups });
  }
}
