/** The inputs of calls, as far as they name what they are about. */
interface Targets {
  readonly TableName?: string;
  readonly RequestItems?: object;
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName?: string } | undefined>>[];
  readonly QueueUrl?: string;
}

/** Whether a call is about this table or queue, alone or with others. A queue is the last part of its URL. */
export function isAbout(input: object, name: string): boolean {
  const { TableName, RequestItems, TransactItems, QueueUrl } = input as Targets;
  return (
    TableName === name ||
    (RequestItems !== undefined && Object.hasOwn(RequestItems, name)) ||
    TransactItems?.some((item) => Object.values(item).some((one) => one?.TableName === name)) === true ||
    QueueUrl?.endsWith(`/${name}`) === true
  );
}

/** Whether an operation of DynamoDB writes: "PutItem", "TransactWriteItems". */
export function isWrite(operation: string): boolean {
  return /^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(operation);
}
