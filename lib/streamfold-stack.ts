import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addAutomations } from './automations/automations.ts';
import { PersonEraser } from './automations/person-eraser.ts';
import { PersonIndexer } from './automations/person-indexer.ts';
import { PrescriptionAnalyzer } from './automations/prescription-analyzer.ts';
import { PrescriptionRecorder } from './automations/prescription-recorder.ts';
import { Api } from './command-side/api.ts';
import { DocumentBucket } from './command-side/document-bucket.ts';
import { EventLog } from './command-side/event-log.ts';
import { PersonIndex } from './command-side/person-index.ts';
import { SubjectKeys } from './command-side/subject-keys.ts';
import { DataEvents } from './operations/data-events.ts';
import { KeyCalls } from './operations/key-calls.ts';
import { addNotInvokedAlarms } from './operations/not-invoked.ts';
import { Operations } from './operations/operations.ts';
import { acknowledge } from './platform/acknowledge.ts';
import type { StageProps } from './platform/stages.ts';
import { acknowledgeStandards } from './platform/standards.ts';
import { addStorageKey } from './platform/storage-key.ts';
import { grantStorageKey } from './platform/storage-key-grants.ts';
import { EventStream } from './publishing/event-stream.ts';
import { FailureBucket } from './publishing/failure-bucket.ts';
import { Publisher } from './publishing/publisher.ts';
import { addWorkQueues } from './publishing/work-queues.ts';
import { Control } from './read-side/control.ts';
import { addProjectors, addReadModels } from './read-side/read-side.ts';
import { Rebuilder } from './read-side/rebuilder.ts';
import { SegmentSealer } from './read-side/segment-sealer.ts';
import { Verifier } from './read-side/verifier.ts';

/**
 * Longest ARN in a policy: that of an index of a table. The CDK assumes 150 characters, and would move a part of a long policy, which IAM
 * accepts, into a managed one.
 */
const arnMaxChars = 130;

/**
 * One whole stage of Streamfold. All parts are children of the stack itself: a construct between them would change the
 * logical ids of the tables, and CloudFormation would replace them with empty ones.
 */
export class StreamfoldStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & StageProps) {
    const { stage, config, bundlesFolder, ...stackProps } = props;
    super(scope, id, stackProps);
    this.node.setContext('@aws-cdk/aws-iam.arnSizeEstimate', arnMaxChars);
    const { protectData } = config;
    if (!protectData) {
      acknowledge(this, 'AwsSolutions-DDB3', 'This stage retains no data: backups would be deleted with it.');
    }

    acknowledgeStandards(this);

    // What holds data. All of it is encrypted by this key.
    addStorageKey(this, stage, config);
    const eventLog = new EventLog(this, 'EventLog', { protectData });
    const control = new Control(this, 'Control', { protectData });
    const eventStream = new EventStream(this, 'EventStream', {
      protectData,
      shards: config.eventStreamShards,
    });
    const readModels = addReadModels(this, { protectData });
    const documents = new DocumentBucket(this, 'Documents', config);
    const subjectKeys = new SubjectKeys(this, 'SubjectKeys', { stage, protectData });
    const personIndex = new PersonIndex(this, 'PersonIndex', { protectData });
    const queues = addWorkQueues(this, {
      analysis: PrescriptionAnalyzer,
      findings: PrescriptionRecorder,
      unread: PrescriptionRecorder,
      segments: SegmentSealer,
      persons: PersonIndexer,
      erasures: PersonEraser,
    });
    const failures = new FailureBucket(this, 'Failures', { protectData });
    const shared = { stage, config, bundlesFolder, eventLog, control, queues, failures, eventStream };

    // Command side: commands become events in the log. The API also answers queries, from the read models.
    const api = new Api(this, 'Api', { ...shared, readModels, documents, subjectKeys, personIndex });

    // Publishing: every commit in the log goes to the event stream, and to the queues that the catalogue names.
    const publisher = new Publisher(this, 'Publisher', shared);

    // Read side: one projector for each context folds its commits into its read model.
    const projectors = addProjectors(this, { ...shared, readModels });
    const sealer = new SegmentSealer(this, 'SegmentSealer', { ...shared, queue: queues.segments });

    // Rebuilds: they fold the log into a new generation of a read model, beside the projectors.
    const rebuild = new Rebuilder(this, 'Rebuild', { ...shared, readModels });

    // Comparisons of rows with the log.
    const verify = new Verifier(this, 'Verify', { ...shared, readModels });

    // Automations: they react to events, or to the time, with commands.
    const automations = addAutomations(this, { ...shared, readModels, documents, subjectKeys, personIndex });
    const { analyzer, indexer } = automations;
    const deciders = [api.function, ...automations.deciders];

    addNotInvokedAlarms({
      stage,
      config,
      deciders,
      publisher: publisher.function,
      projectors,
    });
    new KeyCalls(this, 'KeyCalls', config);
    // A deployment updates the consumers first, so that the publisher never sends a form that they cannot read yet.
    const consumers = [
      ...Object.values(projectors).map((projector) => projector.function),
      analyzer,
      indexer,
      sealer.function,
    ];
    publisher.function.lambda.node.addDependency(...consumers.map(({ lambda }) => lambda));
    if (config.dataEvents === 'on') {
      const buckets = [documents.bucket, failures.bucket];
      new DataEvents(this, 'DataEvents', { stage, protectData, table: eventLog.table, buckets });
    }

    // Operations: alarms and dashboard. Last, because it looks for the alarms and logs of all parts.
    const operations = new Operations(this, 'Operations', {
      ...shared,
      subjectKeys,
      personIndex,
      httpApi: api.httpApi,
      deciders,
      others: [analyzer, indexer, sealer.function, rebuild.function, verify.function],
      verifier: verify.function,
      publisher: publisher.function,
      projectors,
      readModels,
    });

    grantStorageKey(this);

    if (api.httpApi !== undefined) new CfnOutput(this, 'HttpApiUrl', { value: api.httpApi.apiEndpoint });
    if (operations.dashboard !== undefined) {
      new CfnOutput(this, 'DashboardUrl', { value: operations.dashboard.url });
    }
    new CfnOutput(this, 'ApiFunctionName', { value: api.function.lambda.functionName });
    new CfnOutput(this, 'OperatorRoleArn', { value: api.operatorRole.roleArn });
  }
}
