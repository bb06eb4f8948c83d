import type { Analysis } from './prescription-analyzer.ts';

/**
 * Maximum bytes of a reading as the event and the row have it, each line in its envelope. With as many drugs as a dispense can have, each of the
 * greatest length, a row is below the 400 KB of an item in DynamoDB.
 */
export const readingMaxBytes = 190_000;

/** Of a reading that is larger. It is never cut. */
export const tooLarge =
  'The document has more, or longer, parts than a reading can hold. Enter the drugs by hand.';

/** What an envelope adds to the text of a line, in bytes: before base64 (IV, tag, place, padding), and around it. */
const addedBytes = 130;
const aroundBytes = 70;

/** Whether an event and a row can hold the reading. */
export function canBeRecorded({ drugs, setAside, notUnderstood, ...rest }: Analysis): boolean {
  const lines = [...drugs, ...setAside, ...notUnderstood];
  const sizes = lines.map((line) => ((bytesOf(line) + addedBytes) * 4) / 3 + aroundBytes);
  return sizes.reduce((sum, size) => sum + size, bytesOf(rest)) <= readingMaxBytes;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
