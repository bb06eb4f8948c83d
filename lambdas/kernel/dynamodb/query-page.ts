import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';

/** An item as the service sends it: attributes by type, texts and numbers as strings. Binary values stay base64. */
export type RawItem = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** The response to one query or scan. */
export interface QueryPage {
  readonly items: readonly RawItem[];
  /** Where the next page begins. Undefined: this is the last page. */
  readonly lastKey: RawItem | undefined;
  /** Size of the response. */
  readonly bytes: number;
}

interface QueryBody {
  readonly Items?: readonly RawItem[];
  readonly LastEvaluatedKey?: RawItem;
}

const emptyBody = Buffer.from('{}');

/**
 * Sends one query, and parses the response without the SDK's deserializer, which needs more time than the rest of a read: it
 * walks through each attribute, for the output and once more for its log. Retries, time limits, errors and `$metadata` are
 * the SDK's: any response but 200 is deserialized by it, and a connection that breaks is an error of the attempt.
 */
export function queryPage(
  client: DynamoDBClient,
  input: QueryCommandInput,
  abortSignal?: AbortSignal,
): Promise<QueryPage> {
  return rawPage(client, new QueryCommand(input), abortSignal);
}

/** Sends one scan, as {@link queryPage} does. */
export function scanPage(client: DynamoDBClient, input: ScanCommandInput): Promise<QueryPage> {
  // The two commands have the same parameters here, but TypeScript cannot call a union of them.
  return rawPage(client, new ScanCommand(input) as unknown as QueryCommand);
}

async function rawPage(
  client: DynamoDBClient,
  command: QueryCommand,
  abortSignal?: AbortSignal,
): Promise<QueryPage> {
  let body: Buffer | undefined;
  command.middlewareStack.add(
    (next) => async (attempt) => {
      const result = await next(attempt);
      const response = result.response as { statusCode: number; body: unknown };
      if (response.statusCode !== 200) return result;
      const { buffer, byteOffset, byteLength } = await client.config.streamCollector(response.body);
      body = Buffer.from(buffer, byteOffset, byteLength);
      response.body = emptyBody;
      return result;
    },
    // The SDK deserializes what this passes on.
    { step: 'deserialize', priority: 'low', name: 'rawBody' },
  );
  await client.send(command, abortSignal && { abortSignal });
  return pageOf(body ?? emptyBody);
}

/** Throws `SyntaxError` for a body that is not JSON, and `TypeError` for one without items: it is not an empty page. */
function pageOf(body: Buffer): QueryPage {
  const { Items: items, LastEvaluatedKey: lastKey } = JSON.parse(body.toString()) as QueryBody;
  if (!Array.isArray(items)) throw new TypeError('The response to a query has no items.');
  return { items, lastKey, bytes: body.byteLength };
}
