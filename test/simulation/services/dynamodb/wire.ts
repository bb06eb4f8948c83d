/**
 * An output as DynamoDB sends it: JSON, with bytes in base64. Readers of pages parse it themselves, see `query-page.ts`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export function wireBody(output: object): Buffer {
  return Buffer.from(JSON.stringify(output, inBase64));
}

/** A stored value has a plain `Uint8Array`. A `Buffer` would already be an object of numbers here. */
function inBase64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
