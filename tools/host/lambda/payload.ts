import { AwsError } from '../aws-error.ts';
import { messageOf } from '../user-error.ts';

/** Lambda's limit for a request that waits for its answer, and for the answer. */
export const payloadLimitBytes = 6 * 1024 * 1024;

/** @throws {AwsError} when the payload is too large or is not JSON. */
export function checkPayload(payload: string, limitBytes = payloadLimitBytes): void {
  if (Buffer.byteLength(payload) > limitBytes) {
    const message = `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`;
    throw new AwsError('RequestTooLargeException', 413, message);
  }
  try {
    JSON.parse(payload);
  } catch (error) {
    const message = `Could not parse request body into json: ${messageOf(error)}`;
    throw new AwsError('InvalidRequestContentException', 400, message);
  }
}
