import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from '../platform/acknowledge.ts';

export interface AlarmMailProps {
  /** Gets a mail to confirm first, and nothing before it did. */
  readonly email: string;
  readonly alarms: readonly Alarm[];
}

/**
 * Mails alarms when they go off and when they are over, by a topic that is encrypted and takes TLS only. The key is our own
 * ($1 a month): alarms cannot use the one that AWS keeps for SNS.
 */
export class AlarmMail extends Construct {
  constructor(scope: Construct, id: string, { email, alarms }: AlarmMailProps) {
    super(scope, id);
    const alarmService = new ServicePrincipal('cloudwatch.amazonaws.com');
    const key = new Key(this, 'Key', {
      description: 'Encrypts alarms on their way to the topic',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.grant(alarmService, 'kms:Decrypt', 'kms:GenerateDataKey*');
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    acknowledge(
      topic.addSubscription(new EmailSubscription(email)),
      'Serverless-SNSRedrivePolicy',
      'SNS keeps nothing that a mailbox did not take: the alarm itself stays on until its cause is gone.',
    );
    // Said in words, for enforceSSL puts a policy in the place of the one by which the account's own alarms may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [alarmService],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': this.#alarmArns() } },
      }),
    );
    const action = new SnsAction(topic);
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  /** Those of any alarm here. Named alone they would close a ring: an alarm needs the topic, and its policy the alarm. */
  #alarmArns(): string {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat,
    });
  }
}
