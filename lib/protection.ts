import { RemovalPolicy } from 'aws-cdk-lib';
import type { TableProps } from 'aws-cdk-lib/aws-dynamodb';

/** What happens to a stateful resource when it leaves the stack. */
export function removalPolicy(protectData: boolean): RemovalPolicy {
  return protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/** The settings that make a table's data survive mistakes, or let them go with the stack. */
export function tableProtection(
  protectData: boolean,
): Pick<TableProps, 'removalPolicy' | 'deletionProtection' | 'pointInTimeRecoverySpecification'> {
  return {
    removalPolicy: removalPolicy(protectData),
    deletionProtection: protectData,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: protectData },
  };
}
