/** The trace of the first credit of an account, below the span of the request: see `treeOf`. The receiver does not matter. */
export const creditTree = [
  'POST /ledger/{id}/credits (api, server)',
  '  hydrate (api, internal)',
  '    DynamoDB.GetItem (api, client)',
  '    DynamoDB.Query (api, client)',
  '  decide (api, internal)',
  '  append (api, internal)',
  '    DynamoDB.PutItem (api, client)',
  '    publish event-stream (publisher, producer)',
  '      Kinesis.PutRecords (publisher, client)',
  '      project ledger (ledger-projector, consumer)',
  '        DynamoDB.BatchWriteItem (ledger-projector, client)',
  '        DynamoDB.PutItem (ledger-projector, client)',
  '    publish todo (publisher, producer)',
  '      SQS.SendMessageBatch (publisher, client)',
  '      project todo-ledger (todo-projector, consumer)',
  '        DynamoDB.PutItem (todo-projector, client)',
];
