import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a call as AWS does when no policy allows it: S3 in XML, the others in JSON. SDKs do not retry it. */
export function deny(
  request: IncomingMessage,
  response: ServerResponse,
  service: string,
  message: string,
): void {
  request.resume();
  if (service === 's3') {
    response.writeHead(403, { 'content-type': 'application/xml' });
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
    response.end(request.method === 'HEAD' ? undefined : xml);
    return;
  }
  answer(response, 400, 'AccessDeniedException', message);
}

/** Answers a call that the gate does not support. */
export function refuse(request: IncomingMessage, response: ServerResponse, message: string): void {
  request.resume();
  answer(response, 501, 'NotImplementedException', message);
}

function answer(response: ServerResponse, statusCode: number, code: string, message: string): void {
  response.writeHead(statusCode, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ __type: code, message }));
}
