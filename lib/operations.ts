import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AlarmMail } from './alarm-mail.ts';
import { OperationsDashboard, type OperationsDashboardProps } from './operations-dashboard.ts';
import type { StageConfig } from './stages.ts';

export interface OperationsProps extends Omit<OperationsDashboardProps, 'alarms'> {
  readonly alarms: StageConfig['alarms'];
}

/** How people see what the stack does: the dashboard, and the mail that its alarms send. Made last, when all alarms are there. */
export class Operations extends Construct {
  readonly dashboard: OperationsDashboard;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const alarms = Stack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof Alarm);
    if (props.alarms !== 'silent') new AlarmMail(this, 'Mail', { email: props.alarms.email, alarms });
    this.dashboard = new OperationsDashboard(this, 'Dashboard', { ...props, alarms });
  }
}
