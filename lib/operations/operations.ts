import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { contextNames, recordOf } from '../../schema/contexts.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { PersonIndex } from '../command-side/person-index.ts';
import type { SubjectKeys } from '../command-side/subject-keys.ts';
import type { StageConfig } from '../platform/stages.ts';
import { acknowledgeSilence } from '../platform/standards.ts';
import type { Control } from '../read-side/control.ts';
import type { Projectors, ReadModels } from '../read-side/read-side.ts';
import { AlarmMail } from './alarm-mail.ts';
import type { DashboardGraphsProps } from './dashboard-graphs.ts';
import { OperationsDashboard } from './operations-dashboard.ts';

type FoundInStack = 'alarms' | 'logGroups' | 'tables' | 'throttled' | 'streamProjectors' | 'queueProjectors';

export interface OperationsProps extends Omit<DashboardGraphsProps, FoundInStack> {
  readonly config: Pick<StageConfig, 'alarms' | 'dashboard'>;
  readonly eventLog: EventLog;
  readonly projectors: Projectors;
  readonly readModels: ReadModels;
  readonly control: Control;
  readonly subjectKeys: SubjectKeys;
  readonly personIndex: PersonIndex;
}

/**
 * The dashboard, and the mail that alarms send. Create it after all other constructs: it uses the alarms and log
 * groups that exist at that time.
 */
export class Operations extends Construct {
  /** Undefined if the stage has none. */
  readonly dashboard: OperationsDashboard | undefined;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const constructs = Stack.of(this).node.findAll();
    const alarms = constructs.filter((construct) => construct instanceof Alarm);
    const logGroups = constructs.filter((construct) => construct instanceof LogGroup);
    const { config } = props;
    if (config.alarms !== 'silent') new AlarmMail(this, 'Mail', { email: config.alarms.email, alarms });
    else acknowledgeSilence(Stack.of(this));
    if (config.dashboard === 'off') return;
    const projectors = Object.values(props.projectors);
    this.dashboard = new OperationsDashboard(this, 'Dashboard', {
      ...props,
      streamProjectors: projectors.filter(({ isOnStream }) => isOnStream).map((it) => it.function),
      queueProjectors: projectors.filter(({ isOnStream }) => !isOnStream).map((it) => it.function),
      alarms,
      logGroups,
      tables: tablesOf(props),
      throttled: throttledOf(props),
    });
  }
}

function tablesOf(props: OperationsProps): DashboardGraphsProps['tables'] {
  const { eventLog, readModels, control, subjectKeys, personIndex } = props;
  return {
    'event log': eventLog.table,
    snapshots: eventLog.snapshots,
    segments: eventLog.segments,
    ...recordOf(contextNames, (name) => readModels[name].table),
    control: control.table,
    parked: control.parked,
    waiting: control.waiting,
    'subject keys': subjectKeys.table,
    'person index': personIndex.table,
  };
}

function throttledOf({ eventLog, readModels }: OperationsProps): DashboardGraphsProps['throttled'] {
  return {
    'event log, writes': eventLog.throttledWrites,
    'event log, reads': eventLog.throttledReads,
    ...recordOf(contextNames, (name) => readModels[name].throttledRows),
  };
}
