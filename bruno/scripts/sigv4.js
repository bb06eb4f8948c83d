const { HmacSHA256, SHA256, enc } = require('crypto-js');

/**
 * The headers that sign a request for AWS (Signature Version 4). `path` and `query` are exactly as sent (see `encodeQuery`).
 * `headers` are the headers to sign, with lower-case names, including `host`. `body` is a string or a Buffer. AWS accepts the
 * signature within five minutes of `date`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function signatureHeaders({ method, path, query, headers, body, service, region, credentials, date }) {
  const time = date.toISOString().replace(/[-:]|\.\d+/g, '');
  const bodyHash = SHA256(enc.Hex.parse(Buffer.from(body).toString('hex'))).toString();
  const added = {
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signed = { ...headers, ...added };
  const names = Object.keys(signed).sort();
  const canonical = [
    method.toUpperCase(),
    canonicalPath(path),
    query.split('&').sort(byNameAndValue).join('&'),
    ...names.map((name) => `${name}:${signed[name].trim().replace(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), SHA256(canonical)].join('\n');
  const key = scope.reduce((secret, part) => HmacSHA256(part, secret), `AWS4${credentials.secretAccessKey}`);
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.join('/')}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${HmacSHA256(toSign, key)}`,
  ].join(', ');
  return { ...added, authorization };
}

/** The same query in the encoding that a signature needs: `a=b c+d` becomes `a=b%20c%20d`. */
function encodeQuery(query) {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return pairs
    .map((pair) => {
      const [name, ...value] = pair.split('=');
      return `${encode(decode(name))}=${encode(decode(value.join('=')))}`;
    })
    .join('&');
}

/** The path without empty and dot segments, encoded a second time. All services except S3 sign this form. */
function canonicalPath(path) {
  const segments = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function byNameAndValue(left, right) {
  const [leftName] = left.split('=');
  const [rightName] = right.split('=');
  if (leftName !== rightName) return leftName < rightName ? -1 : 1;
  return left < right ? -1 : Number(left > right);
}

function encode(text) {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes as servers do. A string that is not a valid encoding stays as it is. */
function decode(text) {
  const spaced = text.replace(/\+/g, ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

module.exports = { encodeQuery, signatureHeaders };
