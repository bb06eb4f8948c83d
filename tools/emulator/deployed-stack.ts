import { unverifiedSignature } from '../host/aws-json.ts';

const answerTimeoutMs = 10_000;

/**
 * The value of an output of a stack that is deployed now. Undefined if there is no such stack or output, and if CloudFormation does
 * not answer: the deployment that follows reports that.
 */
export async function deployedOutput(
  endpoint: string,
  stackName: string,
  outputKey: string,
): Promise<string | undefined> {
  const query = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackName };
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: unverifiedSignature('cloudformation'),
      body: new URLSearchParams(query),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    return response.ok ? outputIn(await response.text(), outputKey) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads an output from the XML of an answer of DescribeStacks. */
export function outputIn(xml: string, outputKey: string): string | undefined {
  const outputs = xml.split('<OutputKey>').slice(1);
  const output = outputs.find((each) => each.startsWith(`${outputKey}</OutputKey>`));
  const member = output?.split('</member>')[0];
  return /<OutputValue>([^<]*)<\/OutputValue>/.exec(member ?? '')?.[1];
}
