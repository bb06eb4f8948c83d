import { AccountRootPrincipal, Grant, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * The role of operators: it may invoke the API's function directly. A direct invocation has all rights, in every name.
 * Identities of the account may assume the role if their own policies allow it.
 */
export class OperatorRole extends Role {
  constructor(scope: Construct, id: string, { stage, api }: { stage: string; api: IFunction }) {
    super(scope, id, {
      assumedBy: new AccountRootPrincipal(),
      description: `Operators of Streamfold, stage ${stage}: all rights at its API, by direct invocation`,
    });
    Grant.addToPrincipal({
      grantee: this,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [api.functionArn],
    });
  }
}
