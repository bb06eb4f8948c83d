/**
 * The event that API Gateway makes of a request, payload format 2.0: what a function behind it is invoked with. `headers`
 * are texts; `body` is a text, a Buffer, or undefined.
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

/** What API Gateway makes of a function's answer: status, headers by lower-case names, and a body read as Bruno reads it. */
function answerOf({ statusCode, headers = {}, cookies, body = '', isBase64Encoded }) {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  return {
    status: statusCode,
    headers: { ...Object.fromEntries(named), ...(cookies && { 'set-cookie': cookies }) },
    body: parsed(text),
  };
}

/** Puts the function's answer in the place of the invocation's, where assertions and scripts look for it. */
function unwrap(res) {
  const payload = res.getBody();
  if (res.getStatus() !== 200 || payload?.statusCode === undefined) {
    throw new Error(`The invocation failed: ${res.getStatus()} ${JSON.stringify(payload)}`);
  }
  const answer = answerOf(payload);
  // What scripts see of a response are copies; assertions read what is below them, `res.res`.
  for (const response of [res, res.res]) {
    response.status = answer.status;
    response.statusText = '';
  }
  for (const name of Object.keys(res.headers)) delete res.headers[name];
  Object.assign(res.headers, answer.headers);
  res.setBody(answer.body);
}

/** What API Gateway hands on as text; all else becomes base64. */
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
