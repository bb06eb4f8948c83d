import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jsonRequest } from './http-post.ts';
import { sigV4 } from './sigv4.ts';

const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
const url = new URL('https://xray.eu-central-1.amazonaws.com/v1/traces');
const body = Buffer.from('{"resourceSpans":[]}');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

describe('a signed request', () => {
  it('has a signature of AWS for X-Ray over the body and all of these headers', async () => {
    const { headers } = await sigV4(env, 'eu-central-1').authorize(jsonRequest(url, body));
    const [, date = '', signed = '', signature] =
      /^AWS4-HMAC-SHA256 Credential=AKID\/(\d{8})\/eu-central-1\/xray\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
        headers['authorization'] ?? '',
      ) ?? [];
    expect(signed.split(';')).toEqual(
      expect.arrayContaining([
        'content-type',
        'host',
        'x-amz-content-sha256',
        'x-amz-date',
        'x-amz-security-token',
      ]),
    );
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    const lines = signed.split(';').map((name) => `${name}:${headers[name]}\n`);
    const canonical = `POST\n/v1/traces\n\n${lines.join('')}\n${signed}\n${sha256(body)}`;
    const scope = `${date}/eu-central-1/xray/aws4_request`;
    const toSign = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${scope}\n${sha256(canonical)}`;
    const key = [date, 'eu-central-1', 'xray', 'aws4_request'].reduce<string | Buffer>(hmac, 'AWS4secret');
    expect(hmac(key, toSign).toString('hex')).toBe(signature);
  });

  it('needs credentials in the environment, which are read each time', async () => {
    const changing: Record<string, string> = {};
    const authorization = sigV4(changing, 'eu-central-1');
    await expect(authorization.authorize(jsonRequest(url, body))).rejects.toThrow('no AWS credentials');
    Object.assign(changing, env);
    await expect(authorization.authorize(jsonRequest(url, body))).resolves.toBeDefined();
  });
});
