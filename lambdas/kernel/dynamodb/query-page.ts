import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';

/** An item as the service sends it: attributes by type, texts and numbers as strings. Binary values stay base64, see {@link bytesIn}. */
export type RawItem = Readonly<
  Record<string, { readonly S?: string; readonly N?: string; readonly B?: string | Uint8Array } | undefined>
>;

/** The bytes of an attribute, of a raw item or of the SDK's. Undefined if it has none. */
export function bytesIn(item: RawItem, name: string): Uint8Array | undefined {
  const bytes = item[name]?.B;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes;
}

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

/** The response is JSON, but not that of a query: another server has answered. `isOutage` recognises it by `$response`. */
class NoPageError extends Error {
  override readonly name = 'NoPageError';
  readonly $response = { statusCode: 200 };
}

/**
 * Sends one query, and parses the response without the SDK's deserializer, which needs more time than the rest of a read: it
 * walks through each attribute, for the output and once more for its log. Retries, time limits, errors and `$metadata` are
 * the SDK's: it deserializes any response but a page with items, and a connection that breaks is an error of the attempt.
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
  let page: QueryPage | undefined;
  command.middlewareStack.add(
    (next) => async (attempt) => {
      const result = await next(attempt);
      const response = result.response as { statusCode: number; body: unknown };
      if (response.statusCode !== 200) return result;
      const body = await collected(client, response);
      page = pageOf(body);
      response.body = page ? emptyBody : body;
      return result;
    },
    // The SDK deserializes what this passes on.
    { step: 'deserialize', priority: 'low', name: 'rawBody' },
  );
  await client.send(command, abortSignal && { abortSignal });
  if (page === undefined) throw new NoPageError('The response to a query has no items.');
  return page;
}

/** The whole body. Errors have the hidden member `$response`, as those of the SDK's deserializer have. */
async function collected(client: DynamoDBClient, response: { readonly body: unknown }): Promise<Buffer> {
  try {
    const { buffer, byteOffset, byteLength } = await client.config.streamCollector(response.body);
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    throw Object.defineProperty(error, '$response', { value: response, configurable: true });
  }
}

function pageOf(body: Buffer): QueryPage | undefined {
  const parsed = parse(body.toString());
  if (!Array.isArray(parsed?.Items)) return undefined;
  return { items: parsed.Items, lastKey: parsed.LastEvaluatedKey, bytes: body.byteLength };
}

function parse(json: string): QueryBody | null | undefined {
  try {
    return JSON.parse(json) as QueryBody | null;
  } catch {
    return undefined;
  }
}
