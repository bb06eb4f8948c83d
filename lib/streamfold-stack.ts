import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type ContextName, contexts } from '../schema/contexts.ts';
import { MetricsSweeper } from './automations/metrics-sweeper.ts';
import { PrescriptionAnalyzer } from './automations/prescription-analyzer.ts';
import { Api } from './command-side/api.ts';
import { DocumentBucket } from './command-side/document-bucket.ts';
import { EventLog } from './command-side/event-log.ts';
import { Operations } from './operations/operations.ts';
import { acknowledge } from './platform/acknowledge.ts';
import type { BackendFunction } from './platform/function.ts';
import type { StageProps } from './platform/stages.ts';
import { EventStream } from './publishing/event-stream.ts';
import { FailureBucket } from './publishing/failure-bucket.ts';
import { Publisher } from './publishing/publisher.ts';
import { WorkQueue } from './publishing/work-queue.ts';
import { Control } from './read-side/control.ts';
import { Projector, type ProjectorProps } from './read-side/projector.ts';
import { ReadModel } from './read-side/read-model.ts';
import { TodoProjector } from './read-side/todo-projector.ts';

type ReadModels = Readonly<Record<ContextName, ReadModel>>;

/** One stage of Streamfold, whole: commands enter the log, the log is published, projectors fold it, queries answer. */
export class StreamfoldStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & StageProps) {
    const { stage, config, bundlesFolder, ...stackProps } = props;
    super(scope, id, stackProps);
    const { protectData } = config;
    if (!protectData) {
      acknowledge(
        this,
        'AwsSolutions-DDB3',
        'Nothing on this stage is kept: its tables go with the stack, and so would their backups.',
      );
    }
    const eventLog = new EventLog(this, 'EventLog', { protectData });
    const control = new Control(this, 'Control', { protectData });
    const eventStream = new EventStream(this, 'EventStream', {
      protectData,
      shards: config.eventStreamShards,
    });
    const readModels = this.#readModels(protectData);
    const documents = new DocumentBucket(this, 'Documents', config);
    const queues = {
      todo: new WorkQueue(this, 'TodoQueue', {
        consumerTimeout: TodoProjector.timeout,
        userImpact: TodoProjector.userImpact,
      }),
      analysis: new WorkQueue(this, 'AnalysisQueue', {
        consumerTimeout: PrescriptionAnalyzer.timeout,
        userImpact: PrescriptionAnalyzer.userImpact,
      }),
    };
    const failures = new FailureBucket(this, 'Failures', { protectData });

    const shared = { stage, config, bundlesFolder, eventLog, control };
    const api = new Api(this, 'Api', { ...shared, readModels, documents });
    const publisher = new Publisher(this, 'Publisher', { ...shared, eventStream, queues, failures });
    const streamProjectors = this.#streamProjectors({ ...shared, eventStream, failures }, readModels);
    const todoProjector = new TodoProjector(this, 'TodoProjector', {
      ...shared,
      queue: queues.todo,
      readModel: readModels.todo,
    });
    const analyzer = new PrescriptionAnalyzer(this, 'PrescriptionAnalyzer', {
      ...shared,
      queue: queues.analysis,
      documents,
    });
    const sweeper = new MetricsSweeper(this, 'MetricsSweeper', { ...shared, readModel: readModels.metrics });

    const operations = new Operations(this, 'Operations', {
      stage,
      alarms: config.alarms,
      httpApi: api.httpApi,
      deciders: [api.function, analyzer.function, sweeper.function],
      publisher: publisher.function,
      streamProjectors,
      queueProjectors: [todoProjector.function],
      queues,
      failures,
      eventStream,
      eventLog,
      control,
      readModels,
    });

    new CfnOutput(this, 'HttpApiUrl', { value: api.httpApi.apiEndpoint });
    new CfnOutput(this, 'DashboardUrl', { value: operations.dashboard.url });
    new CfnOutput(this, 'ApiFunctionName', { value: api.function.lambda.functionName });
  }

  #readModels(protectData: boolean): ReadModels {
    const { ledger, metrics, dispense, todo } = contexts;
    return {
      ledger: new ReadModel(this, 'LedgerReadModel', {
        protectData,
        lists: ledger.lists,
        contents: 'rows-with-history',
      }),
      metrics: new ReadModel(this, 'MetricsReadModel', {
        protectData,
        lists: metrics.lists,
        contents: 'rows-with-history',
      }),
      dispense: new ReadModel(this, 'DispenseReadModel', {
        protectData,
        lists: dispense.lists,
        contents: 'rows',
      }),
      todo: new ReadModel(this, 'TodoReadModel', { protectData, lists: todo.lists, contents: 'items' }),
    };
  }

  /** The projectors that the event stream feeds. */
  #streamProjectors(
    shared: Omit<ProjectorProps, 'functionName' | 'userImpact' | 'tableVariable' | 'readModel' | 'batchSize'>,
    readModels: ReadModels,
  ): BackendFunction[] {
    const projectors = [
      new Projector(this, 'LedgerProjector', {
        ...shared,
        functionName: 'ledger-projector',
        userImpact: 'Accounts, as queries show them, are out of date',
        tableVariable: 'LEDGER_TABLE',
        readModel: readModels.ledger,
        batchSize: 500,
      }),
      new Projector(this, 'MetricsProjector', {
        ...shared,
        functionName: 'metrics-projector',
        userImpact: 'Metrics, as queries show them, are out of date',
        tableVariable: 'METRICS_TABLE',
        readModel: readModels.metrics,
        // A commit may hold a thousand values, each a line of the history.
        batchSize: 100,
      }),
      new Projector(this, 'DispenseProjector', {
        ...shared,
        functionName: 'dispense-projector',
        userImpact: 'Dispenses, as queries show them, are out of date',
        tableVariable: 'DISPENSE_TABLE',
        readModel: readModels.dispense,
        batchSize: 500,
      }),
    ];
    return projectors.map((projector) => projector.function);
  }
}
