/** The answer to the client. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error of API Gateway itself, in its words. `more` are members that only this host adds. */
export function gatewayError(
  statusCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more: object = {},
): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message, ...more })),
  };
}

/** The answer for a function's result; undefined if the result is no answer. Cookies are not supported. */
export function httpAnswer(payload: string): HttpAnswer | undefined {
  const { statusCode, headers, cookies, body, isBase64Encoded } = Object(JSON.parse(payload));
  const isAnswer =
    Number.isInteger(statusCode) &&
    statusCode >= 100 &&
    statusCode <= 599 &&
    cookies === undefined &&
    (body == null || typeof body === 'string');
  if (!isAnswer) return undefined;
  const lowerCase = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(lowerCase) },
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
