import { type CfnElement, type IResource, Stack, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';

/**
 * Accepts what a rule of cdk-nag finds wrong with a construct, for a reason. A test fails on what is found and not accepted,
 * and on what is accepted and not found.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/** Accepts that a grantee's policy names all that lies below a resource, as `/index/*` below a table. */
export function acknowledgeAllBelow(
  grantee: IGrantable,
  resource: IResource,
  path: string,
  reason: string,
): void {
  const role = grantee.grantPrincipal;
  if (!Construct.isConstruct(role)) throw new Error('Only roles are granted anything here.');
  const logicalId = Stack.of(resource).getLogicalId(resource.node.defaultChild as CfnElement);
  acknowledge(role, `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>${path}]`, reason);
}
