import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { queueUrlVariable } from '../../schema/names.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { PersonIndex } from '../command-side/person-index.ts';
import type { SubjectKeys } from '../command-side/subject-keys.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';

export interface PersonIndexerProps extends StageProps {
  readonly eventLog: EventLog;
  readonly subjectKeys: SubjectKeys;
  readonly personIndex: PersonIndex;
  /** The streams to index. */
  readonly persons: WorkQueue;
  /** Gets the streams that name a person who is erased. */
  readonly erasures: WorkQueue;
}

/**
 * Writes the index of persons. It decrypts the identifier and the birth date of a stream, so it may write neither to the log nor to
 * anything else.
 */
export class PersonIndexer extends Construct {
  static readonly timeout = Duration.seconds(30);
  static readonly userImpact = 'New patients are not found by their identifier';
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: PersonIndexerProps) {
    super(scope, id);
    const { eventLog, subjectKeys, personIndex, persons, erasures } = props;
    this.function = new BackendFunction(this, 'Indexer', {
      ...props,
      functionName: 'person-indexer',
      description: 'Writes the index of persons',
      userImpact: PersonIndexer.userImpact,
      timeout: PersonIndexer.timeout,
      memorySizeMb: 512,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        ...subjectKeys.environment,
        ...personIndex.environment,
        [queueUrlVariable('erasures')]: erasures.queue.queueUrl,
      },
    });
    const indexer = this.function;
    eventLog.grantRead(indexer.lambda);
    indexer.alarmWhenLogChanged();
    // It creates the search key of a tenant.
    subjectKeys.grantCreate(indexer.lambda);
    personIndex.grantLink(indexer.lambda);
    erasures.grantSend(indexer.lambda);
    persons.feed(indexer, { batchSize: 10, maxConcurrency: 5 });
  }
}
