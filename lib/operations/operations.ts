import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EventLog } from '../command-side/event-log.ts';
import type { StageConfig } from '../platform/stages.ts';
import type { Control } from '../read-side/control.ts';
import type { ReadModel } from '../read-side/read-model.ts';
import { AlarmMail } from './alarm-mail.ts';
import { OperationsDashboard, type OperationsDashboardProps } from './operations-dashboard.ts';

export interface OperationsProps
  extends Omit<OperationsDashboardProps, 'alarms' | 'logGroups' | 'tables' | 'throttled'> {
  readonly alarms: StageConfig['alarms'];
  readonly eventLog: EventLog;
  readonly readModels: Readonly<Record<'ledger' | 'metrics' | 'dispense' | 'todo', ReadModel>>;
  readonly control: Control;
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
    this.dashboard = new OperationsDashboard(this, 'Dashboard', {
      ...props,
      alarms,
      logGroups,
      tables: tablesOf(props),
      throttled: throttledOf(props),
    });
  }
}

function tablesOf({ eventLog, readModels, control }: OperationsProps): OperationsDashboardProps['tables'] {
  return {
    'event log': eventLog.table,
    snapshots: eventLog.snapshots,
    ledger: readModels.ledger.table,
    metrics: readModels.metrics.table,
    dispense: readModels.dispense.table,
    todo: readModels.todo.table,
    control: control.table,
    parked: control.parked,
  };
}

function throttledOf({ eventLog, readModels }: OperationsProps): OperationsDashboardProps['throttled'] {
  return {
    'event log, writes': eventLog.throttledWrites,
    'event log, reads': eventLog.throttledReads,
    ledger: readModels.ledger.throttledRows,
    metrics: readModels.metrics.throttledRows,
    dispense: readModels.dispense.throttledRows,
    todo: readModels.todo.throttledRows,
  };
}
