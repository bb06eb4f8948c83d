import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { readModelLists } from '../schema/tables.ts';
import { Api } from './api.ts';
import { Control } from './control.ts';
import { EventLog } from './event-log.ts';
import { EventStream } from './event-stream.ts';
import { MetricsSweeper } from './metrics-sweeper.ts';
import { Projector } from './projector.ts';
import { Publisher } from './publisher.ts';
import { ReadModel } from './read-model.ts';
import type { StageProps } from './stages.ts';

/** One stage of Streamfold, whole: commands enter the log, the log is published, projectors fold it, queries answer. */
export class StreamfoldStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & StageProps) {
    const { stage, config, bundlesFolder, ...stackProps } = props;
    super(scope, id, stackProps);
    const { protectData } = config;
    const eventLog = new EventLog(this, 'EventLog', { protectData });
    const control = new Control(this, 'Control', { protectData });
    const eventStream = new EventStream(this, 'EventStream', {
      protectData,
      shards: config.eventStreamShards,
    });
    const { ledger: ledgerLists, metrics: metricsLists } = readModelLists;
    const readModels = {
      ledger: new ReadModel(this, 'LedgerReadModel', { protectData, lists: ledgerLists }),
      metrics: new ReadModel(this, 'MetricsReadModel', { protectData, lists: metricsLists }),
    };

    const shared = { stage, config, bundlesFolder, eventLog, control };
    const api = new Api(this, 'Api', { ...shared, readModels });
    new Publisher(this, 'Publisher', { ...shared, eventStream });
    new Projector(this, 'LedgerProjector', {
      ...shared,
      eventStream,
      functionName: 'ledger-projector',
      tableVariable: 'LEDGER_TABLE',
      readModel: readModels.ledger,
      batchSize: 500,
    });
    new Projector(this, 'MetricsProjector', {
      ...shared,
      eventStream,
      functionName: 'metrics-projector',
      tableVariable: 'METRICS_TABLE',
      readModel: readModels.metrics,
      // A commit may hold a thousand values, each a line of the history.
      batchSize: 100,
    });
    new MetricsSweeper(this, 'MetricsSweeper', { ...shared, readModel: readModels.metrics });

    new CfnOutput(this, 'HttpApiUrl', { value: api.httpApi.apiEndpoint });
    new CfnOutput(this, 'ApiFunctionName', { value: api.function.lambda.functionName });
  }
}
