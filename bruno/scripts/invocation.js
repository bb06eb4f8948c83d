/**
 * The event that API Gateway creates from a request and sends to the function, in payload format 2.0. The values of `headers`
 * are strings. `body` is a string, a Buffer, or undefined.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function eventOf({ method, path, query, headers, body }) {
  const isText = typeof body === 'string' && isTextual(headers['content-type']);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: { stage: '$default', http: { method: method.toUpperCase(), path } },
    ...(body !== undefined && { body: isText ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined && !isText,
  };
}

/** The answer that API Gateway creates from a function's result: status, headers with lower-case names, and the body, parsed as Bruno does. */
function answerOf({ statusCode, headers = {}, cookies, body = '', isBase64Encoded }) {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  return {
    status: statusCode,
    headers: { ...Object.fromEntries(named), ...(cookies && { 'set-cookie': cookies }) },
    body: parsed(text),
  };
}

/** Replaces the answer of the invocation with the answer of the function, so that assertions and scripts read the latter. */
function unwrap(res) {
  const payload = res.getBody();
  if (res.getStatus() !== 200 || payload?.statusCode === undefined) {
    throw new Error(`The invocation failed: ${res.getStatus()} ${JSON.stringify(payload)}`);
  }
  const answer = answerOf(payload);
  // Scripts read copies of the response. Assertions read the original, `res.res`. So both are changed.
  for (const response of [res, res.res]) {
    response.status = answer.status;
    response.statusText = '';
  }
  for (const name of Object.keys(res.headers)) delete res.headers[name];
  Object.assign(res.headers, answer.headers);
  res.setBody(answer.body);
}

/** Whether API Gateway passes a body of this type as text. It encodes all other bodies as base64. */
function isTextual(contentType = '') {
  return /^(text\/[^;]+|application\/(json|javascript|xml)|[^;]+\+(json|xml))\s*(;|$)/i.test(
    contentType.trim(),
  );
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

module.exports = { answerOf, eventOf, unwrap };
