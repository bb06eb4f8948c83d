import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { Control } from '../read-side/control.ts';
import type { ReadModel } from '../read-side/read-model.ts';
import type { DocumentBucket } from './document-bucket.ts';
import type { EventLog } from './event-log.ts';
import { BackendHttpApi, routeScopesOf } from './http-api.ts';

export interface ApiProps extends StageProps {
  readonly eventLog: EventLog;
  readonly readModels: Readonly<Record<'ledger' | 'metrics' | 'dispense' | 'todo', ReadModel>>;
  readonly documents: DocumentBucket;
  readonly control: Control;
}

/** Takes commands and answers queries: one function behind an HTTP API, which routes by itself. */
export class Api extends Construct {
  readonly function: BackendFunction;
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { eventLog, readModels, documents, control } = props;
    this.function = new BackendFunction(this, 'Api', {
      ...props,
      functionName: 'api',
      description: 'Takes commands and answers queries',
      userImpact: 'Commands and queries are answered with errors',
      // An HTTP API waits 30 s for its integration: later answers reach nobody.
      timeout: Duration.seconds(29),
      memorySizeMb: 1024,
      environment: {
        ...eventLog.commandEnvironment(props.config),
        LEDGER_TABLE: readModels.ledger.table.tableName,
        METRICS_TABLE: readModels.metrics.table.tableName,
        DISPENSE_TABLE: readModels.dispense.table.tableName,
        TODO_TABLE: readModels.todo.table.tableName,
        DOCUMENT_BUCKET: documents.bucket.bucketName,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
        SCOPED_ROUTES: JSON.stringify(Object.keys(routeScopesOf(props.config))),
      },
    });
    acknowledge(
      this.function.lambda,
      'Serverless-LambdaDLQ',
      'Its callers wait for the answer and know when there is none: nothing invokes it asynchronously.',
    );
    eventLog.grantCommands(this.function.lambda);
    for (const readModel of Object.values(readModels)) readModel.grantRead(this.function.lambda);
    documents.grantStore(this.function.lambda);
    control.grantReadOrMake(this.function.lambda);
    control.grantReadParked(this.function.lambda);

    const { stage, config } = props;
    this.httpApi = new BackendHttpApi(this, 'HttpApi', { stage, config, handler: this.function.lambda });
    addAlarm(this, 'ServerErrors', {
      description:
        'Callers of the HTTP API got five or more errors that are not theirs (5xx) in five minutes.',
      runbook: 'api-errors',
      metric: this.httpApi.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: 4,
    });
  }
}
