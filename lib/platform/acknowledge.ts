import { type CfnElement, type IResource, Stack, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';

/**
 * Accepts a finding of cdk-nag for a construct, with the reason. A test fails on findings that are not accepted, and on
 * accepted ones that cdk-nag does not find.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}

/**
 * Accepts that a grantee's policy has a wildcard below a resource, such as `/index/*` below a table. Throws if the
 * grantee is not a role, or does not have one.
 */
export function acknowledgeAllBelow(
  grantee: IGrantable,
  resource: IResource,
  path: string,
  reason: string,
): void {
  const role = grantee.grantPrincipal;
  if (!Construct.isConstruct(role))
    throw new Error(`${path} can be acknowledged for a grantee with a role only.`);
  const logicalId = Stack.of(resource).getLogicalId(resource.node.defaultChild as CfnElement);
  acknowledge(role, `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>${path}]`, reason);
}
