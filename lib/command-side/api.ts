import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { authenticationVariable } from '../../schema/authentication.ts';
import { aggregateNames, contextNames, queueNames } from '../../schema/contexts.ts';
import {
  failuresUrlVariable,
  givenUpNoticesVariable,
  queueUrlVariable,
  tableVariable,
} from '../../schema/names.ts';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { FailureBucket } from '../publishing/failure-bucket.ts';
import type { WorkQueues } from '../publishing/work-queue.ts';
import type { Control } from '../read-side/control.ts';
import type { ReadModels } from '../read-side/read-side.ts';
import type { DocumentBucket } from './document-bucket.ts';
import type { EventLog } from './event-log.ts';
import { authenticationOf } from './http-access.ts';
import { BackendHttpApi } from './http-api.ts';
import { OperatorRole } from './operator-role.ts';
import type { PersonIndex } from './person-index.ts';
import type { SubjectKeys } from './subject-keys.ts';

export interface ApiProps extends StageProps {
  readonly eventLog: EventLog;
  readonly readModels: ReadModels;
  readonly documents: DocumentBucket;
  readonly subjectKeys: SubjectKeys;
  readonly personIndex: PersonIndex;
  readonly control: Control;
  readonly queues: WorkQueues;
  readonly failures: FailureBucket;
}

/** Accepts commands and answers queries: one function, behind an HTTP API if the stage has one. The function does the routing. */
export class Api extends Construct {
  readonly function: BackendFunction;
  /** Undefined if the stage has none: then the function is invoked directly. */
  readonly httpApi: HttpApi | undefined;
  readonly operatorRole: OperatorRole;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { eventLog, readModels, documents, subjectKeys, personIndex, control, queues, failures } = props;
    const { apiConcurrency } = props.config;
    this.function = new BackendFunction(this, 'Api', {
      ...props,
      functionName: 'api',
      description: 'Accepts commands and answers queries',
      userImpact: 'Commands and queries are answered with errors',
      // An HTTP API waits at most 30 s for its integration.
      timeout: Duration.seconds(29),
      memorySizeMb: 1024,
      reservedConcurrency: apiConcurrency === 'shared' ? undefined : apiConcurrency.reserved,
      environment: {
        ...eventLog.commandEnvironment(props.config),
        SEGMENT_TABLE: eventLog.segments.tableName,
        ...Object.fromEntries(
          contextNames.map((name) => [tableVariable(name), readModels[name].table.tableName]),
        ),
        DOCUMENT_BUCKET: documents.bucket.bucketName,
        ...subjectKeys.environment,
        ...personIndex.environment,
        CONTROL_TABLE: control.table.tableName,
        PARKED_TABLE: control.parked.tableName,
        [authenticationVariable]: JSON.stringify(authenticationOf(props.config)),
        ...Object.fromEntries(
          queueNames.flatMap((name) => [
            [queueUrlVariable(name), queues[name].queue.queueUrl],
            [failuresUrlVariable(name), queues[name].failures.queueUrl],
          ]),
        ),
        [givenUpNoticesVariable]: failures.notices.queueUrl,
        WAITING_TABLE: control.waiting.tableName,
      },
    });
    acknowledge(
      this.function.lambda,
      'Serverless-LambdaDLQ',
      'It is invoked synchronously only: callers wait for the answer, and notice when there is none.',
    );
    eventLog.grantCommands(this.function.lambda, aggregateNames);
    eventLog.grantReadSegments(this.function.lambda);
    // A query that meets a missing or damaged segment asks for sealing.
    queues.segments.grantSend(this.function.lambda);
    this.function.alarmWhenLogChanged();
    for (const readModel of Object.values(readModels)) readModel.grantRead(this.function.lambda);
    documents.grantStore(this.function.lambda);
    subjectKeys.grantCreate(this.function.lambda);
    subjectKeys.grantUseMany(this.function.lambda);
    personIndex.grantRead(this.function.lambda);
    control.grantFacts(this.function.lambda);
    control.grantReadParked(this.function.lambda);
    // Health shows what waits, and what was given up.
    for (const queue of Object.values(queues)) queue.grantReadDepth(this.function.lambda);
    failures.grantReadDepth(this.function.lambda);
    control.grantReadWaiting(this.function.lambda);

    this.operatorRole = new OperatorRole(this, 'Operator', {
      stage: props.stage,
      api: this.function.lambda,
    });
    this.httpApi = props.config.httpApi === 'on' ? this.#addHttpApi(props) : undefined;
  }

  #addHttpApi({ stage, config }: StageProps): HttpApi {
    const httpApi = new BackendHttpApi(this, 'HttpApi', { stage, config, handler: this.function.lambda });
    addAlarm(this, 'ServerErrors', {
      description: 'The HTTP API answered five or more requests with a server error (5xx) in five minutes.',
      runbook: 'api-errors',
      metric: httpApi.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: 4,
    });
    return httpApi;
  }
}
