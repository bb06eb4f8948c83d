import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

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
    const key = new Key(this, 'Key', {
      description: 'Encrypts alarms on their way to the topic',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    // Said in words, for enforceSSL puts a policy in the place of the one by which the account's own alarms may publish.
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const action = new SnsAction(topic);
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}
