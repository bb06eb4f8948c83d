const { eventOf } = require('./invocation.js');
const { encodeQuery, signatureHeaders } = require('./sigv4.js');

const apiUrl = '{{baseUrl}}';
const awsUrl = '{{awsUrl}}';

/**
 * Changes a request to fit its environment. It goes to the HTTP API or, with `invoke: direct`, becomes an invocation of the
 * function behind the API. It gets the host name of the API, and a bearer token or a signature, if the environment needs them.
 * Requests to other addresses stay unchanged. A signature covers the values of variables, so set all variables before.
 */
module.exports = (bru, req) => {
  const toApi = req.getUrl().startsWith(apiUrl);
  const direct = toApi && bru.getEnvVar('invoke') === 'direct';
  bru.setVar('invokedDirectly', direct);
  if (direct) invoke(bru, req);
  if (toApi && !direct) authorize(bru, req, 'execute-api');
  else if (direct || req.getUrl().startsWith(awsUrl)) authorize(bru, req, 'lambda');
};

function invoke(bru, req) {
  if (bru.isSafeMode()) {
    throw new Error(
      "Direct invocation needs Bruno's developer mode: add --sandbox developer, or choose the mode in the app.",
    );
  }
  const body = fillBody(bru, req);
  const headers = Object.entries(req.getHeaders()).filter(([, value]) => typeof value === 'string');
  req.setUrl(`http://api${bru.interpolate(req.getUrl().slice(apiUrl.length))}`);
  const event = eventOf({
    method: req.getMethod(),
    path: req.getPath(),
    query: req.getQueryString(),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), bru.interpolate(value)])),
    body,
  });
  req.setUrl(`${awsUrl}/2015-03-31/functions/{{apiFunction}}/invocations`);
  req.setMethod('POST');
  req.setHeaders({ 'content-type': 'application/json' });
  req.setBody(JSON.stringify(event), { raw: true });
}

function authorize(bru, req, service) {
  // An emulator finds the API by the host name. No DNS server knows this name.
  const apiHost = service === 'execute-api' && bru.getEnvVar('apiHost');
  if (apiHost) req.setHeader('host', apiHost);
  const token = service === 'execute-api' && tokenOf(bru);
  if (token) req.setHeader('authorization', `Bearer ${token}`);
  else if (bru.getEnvVar('awsRegion')) sign(bru, req, service);
}

/** The token: a secret of the environment, or a variable of the process. A command line would put it into histories and logs. */
function tokenOf(bru) {
  const needed = bru.getEnvVar('needsToken');
  const mayHaveOne = needed || bru.getEnvVar('awsRegion');
  const token = bru.getEnvVar('token') || (mayHaveOne && bru.getProcessEnv('STREAMFOLD_TOKEN'));
  if (needed && !token) {
    throw new Error('Set STREAMFOLD_TOKEN to a token: npm run -s token -- --subject bruno');
  }
  return token;
}

function sign(bru, req, service) {
  req.setUrl(bru.interpolate(req.getUrl()));
  const query = encodeQuery(req.getQueryString());
  const path = req.getPath();
  const host = req.getHost();
  const [scheme] = req.getUrl().split('://');
  req.setUrl(`${scheme}://${host}${path}${query && `?${query}`}`);
  const body = fillBody(bru, req);
  const contentType = bru.interpolate(req.getHeader('content-type'));
  const signature = signatureHeaders({
    method: req.getMethod(),
    path,
    query,
    headers: {
      host: req.getHeader('host') ?? host,
      ...(body && contentType && { 'content-type': contentType }),
    },
    body: body ?? '',
    service,
    region: bru.getEnvVar('awsRegion'),
    credentials: credentialsOf(bru),
    date: new Date(),
  });
  for (const [name, value] of Object.entries(signature)) req.setHeader(name, value);
}

/** The body to send, with the values of its variables: a string, a Buffer, or undefined without a body. */
function fillBody(bru, req) {
  const isJson = req.getHeader('content-type')?.includes('json');
  // In the safe sandbox, `req.body` already has the bytes of a file. `getBody` would copy them again, which fails for large files.
  const body = bru.isSafeMode() && !isJson ? req.body : req.getBody({ raw: true });
  if (body === undefined || body === null || body === '') return undefined;
  if (typeof body === 'string') {
    // Bruno removes the white space around JSON before it sends it.
    const text = isJson ? bru.interpolate(body).trim() : bru.interpolate(body);
    req.setBody(text, { raw: true });
    return text;
  }
  const bytes = [];
  while (body[bytes.length] !== undefined) bytes.push(body[bytes.length]);
  return Buffer.from(bytes);
}

/** The credentials: secrets of the environment, or the variables of the process that the AWS tools use too. */
function credentialsOf(bru) {
  const own = bru.getEnvVar('accessKeyId');
  const credentials = own
    ? ['accessKeyId', 'secretAccessKey', 'sessionToken'].map((name) => bru.getEnvVar(name))
    : ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) =>
        bru.getProcessEnv(name),
      );
  const [accessKeyId, secretAccessKey, sessionToken] = credentials;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, sessionToken };
  throw new Error(
    'Requests to AWS need a signature. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (for a role also AWS_SESSION_TOKEN), ' +
      'set the secrets of the environment, or set STREAMFOLD_TOKEN to a token for the HTTP API.',
  );
}
