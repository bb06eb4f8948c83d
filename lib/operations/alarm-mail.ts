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
  /** The address must be confirmed once, by a link in a first mail. Only then does it receive alarms. */
  readonly email: string;
  readonly alarms: readonly Alarm[];
}

/**
 * Sends mail when an alarm goes off and when it is over, by an SNS topic that is encrypted and accepts TLS only. The
 * topic has a KMS key of its own ($1 a month): alarms cannot use the key that AWS manages for SNS.
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
      'A mail that SNS cannot deliver is not stored: the alarm itself stays on while its cause lasts.',
    );
    // The policy of enforceSSL replaces the default one, which allows the account's alarms to publish.
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

  /** All alarms of the account and region. Naming each would create a circular dependency between alarm and topic. */
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
