import type { ServerResponse } from 'node:http';
import { awsClient } from '../../tools/host/aws-json.ts';
import type { CallInterceptor } from '../../tools/host/call-interceptor.ts';
import { readBody } from '../../tools/host/endpoints/body.ts';
import { passOn } from '../../tools/host/endpoints/proxy.ts';
import { engineOf, signedService } from '../../tools/host/endpoints/target.ts';

/** What the destinations of the publisher refuse. A spec changes it while the host runs. */
export interface DestinationFaults {
  /** A call of SQS with a message for which this is true is refused as a whole, and always will be. */
  refusesMessage: (body: string) => boolean;
  /** A record of Kinesis with a partition key for which this is true is throttled. */
  throttles: (partitionKey: string) => boolean;
}

interface PutRecords {
  readonly StreamName: string;
  readonly Records: readonly { readonly PartitionKey: string }[];
}

const bodyLimitBytes = 16 * 1024 * 1024;

/** Answers the calls that `faults` refuse as AWS does. Passes all others on to the engines. */
export function destinationFaults(faults: DestinationFaults): CallInterceptor {
  return ({ urls }) => {
    const kinesis = awsClient(urls.kinesis, 'kinesis');
    return async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const engine = engineOf(request.headers, url.searchParams) ?? 'dynamodb';
      const service = signedService(request.headers, url.searchParams) ?? '';
      const target = String(request.headers['x-amz-target']);
      const body = (await readBody(request, bodyLimitBytes)) ?? Buffer.alloc(0);
      if (target.endsWith('.SendMessageBatch') && refuses(body, faults)) {
        return answer(response, 400, { __type: 'InvalidMessageContents', message: 'It quotes the body.' });
      }
      const put = target.endsWith('.PutRecords')
        ? (JSON.parse(body.toString('utf8')) as PutRecords)
        : undefined;
      if (put?.Records.some(({ PartitionKey }) => faults.throttles(PartitionKey))) {
        const call = (Records: PutRecords['Records']) =>
          kinesis.call<{ Records: object[] }>('PutRecords', { ...put, Records });
        return answer(response, 200, await putAllowed(put, faults, call));
      }
      await passOn(request, response, urls[engine], service, { body });
    };
  };
}

function refuses(body: Buffer, { refusesMessage }: DestinationFaults): boolean {
  const { Entries } = JSON.parse(body.toString('utf8')) as { Entries: { MessageBody: string }[] };
  return Entries.some(({ MessageBody }) => refusesMessage(MessageBody));
}

/** Puts the records that are not throttled, and answers for all of them in order. */
async function putAllowed(
  { Records }: PutRecords,
  { throttles }: DestinationFaults,
  call: (records: PutRecords['Records']) => Promise<{ Records: object[] }>,
) {
  const allowed = Records.filter(({ PartitionKey }) => !throttles(PartitionKey));
  const accepted = allowed.length > 0 ? (await call(allowed)).Records : [];
  const rest = accepted.values();
  const refused = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded.' };
  return {
    FailedRecordCount: Records.length - allowed.length,
    Records: Records.map(({ PartitionKey }) => (throttles(PartitionKey) ? refused : rest.next().value)),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
