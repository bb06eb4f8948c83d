import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { DashboardGraphs, type DashboardGraphsProps } from './dashboard-graphs.ts';
import { row } from './dashboard-row.ts';

/**
 * One page with a row for each question of a stage's operators. It costs $3 a month: only dashboards of at most
 * 50 metrics are free.
 */
export class OperationsDashboard extends Construct {
  /** Its page in the AWS console. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardGraphsProps) {
    super(scope, id);
    const graphs = new DashboardGraphs(props);
    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
    const rows = [
      row('Is anything wrong?', 'Every alarm has a section in `docs/runbook.md`.', graphs.alarms()),
      row(
        'Do commands succeed?',
        'Refused: a business rule rejects the command. Conflict: another writer committed first, and the command is retried.',
        graphs.commands(),
      ),
      row(
        'Are read models up to date?',
        'The time from commit to publication and to the row, what waits, and what was parked.',
        graphs.readModels(),
      ),
      row(
        'Do queues keep up?',
        'How many messages wait, for how long, and how many failed too often.',
        graphs.queues(),
      ),
      row(
        'Do functions and tables work?',
        'Errors, calls that AWS throttles, and spans of traces that nobody took.',
        graphs.faults(),
      ),
      row(
        'What does it cost?',
        'What AWS charges for: requests, memory multiplied by time, and bytes.',
        graphs.costs(),
      ),
    ];
    for (const widgets of rows.flat()) dashboard.addWidgets(...widgets);
    const { region } = Stack.of(this);
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
  }
}
