import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { tracingVariables } from '../../schema/tracing.ts';
import { acknowledge } from './acknowledge.ts';
import type { TracingSetting } from './tracing-setting.ts';

/**
 * Adds to a function what its adapter of traces needs: variables, and grants to its role. `off` needs nothing. For `xray`, Lambda's own tracing
 * must be on, for which the CDK grants what the daemon calls.
 */
export function addTracing(lambda: LambdaFunction, role: Role, tracing: TracingSetting): void {
  for (const [name, value] of Object.entries(variablesOf(Stack.of(lambda), tracing))) {
    lambda.addEnvironment(name, value);
  }
  grantExport(role, tracing);
  if (tracesToAws(tracing)) {
    const traces = 'Sending traces cannot be limited to a resource: a test allows the wildcard for it alone.';
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', traces);
  }
  if (tracing !== 'xray') {
    const own =
      'The function sends its spans itself, by OpenTelemetry, or the stage has no traces. Lambda would add a second trace of each invocation.';
    acknowledge(lambda, 'Serverless-LambdaTracing', own);
  }
}

/** The variables that choose and configure the adapter. */
function variablesOf(stack: Stack, tracing: TracingSetting): Record<string, string> {
  if (tracing === 'off') return {};
  if (tracing === 'xray') return { [tracingVariables.adapter]: 'xray' };
  const { to, header, ratio } = tracing.otlp;
  return {
    [tracingVariables.adapter]: 'otlp',
    [tracingVariables.endpoint]: to === 'cloudwatch' ? endpointOf(stack) : to,
    [tracingVariables.ratio]: String(ratio),
    ...(to === 'cloudwatch' && { [tracingVariables.signing]: 'sigv4' }),
    ...(header !== undefined && {
      [tracingVariables.headerName]: header.name,
      [tracingVariables.headerSecret]: header.secretArn,
    }),
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html */
function endpointOf({ region, urlSuffix }: Stack): string {
  return `https://xray.${region}.${urlSuffix}/v1/traces`;
}

/**
 * What an export to CloudWatch's endpoint is authorized as. AWS's page names the first
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-opentelemetry-bearer-token.html), and deployments that use the endpoint the others. All of them
 * only write.
 */
const spanActions = ['xray:PutTraceSegments', 'xray:PutSpans', 'xray:PutSpansForIndexing'];

/** Grants what an export by OTLP calls. */
function grantExport(role: Role, tracing: TracingSetting): void {
  if (typeof tracing === 'string') return;
  const { to, header } = tracing.otlp;
  const grant = (actions: string[], resource: string) =>
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
  if (to === 'cloudwatch') grant(spanActions, '*');
  if (header !== undefined) grant(['secretsmanager:GetSecretValue'], header.secretArn);
}

/** Whether functions send traces to AWS. No policy can limit that to a resource. */
function tracesToAws(tracing: TracingSetting): boolean {
  return tracing === 'xray' || (typeof tracing === 'object' && tracing.otlp.to === 'cloudwatch');
}
