import { describe, expect, it } from '@jest/globals';
import { jsonRequest } from './http-post.ts';
import { testEffects } from './recorded-otlp.fixture.ts';
import { SecretHeader, secretMinAgeMs } from './secret-header.ts';

function reading(...answers: (string | Error | undefined)[]) {
  const { effects, pass } = testEffects({ tickMs: 0 });
  let reads = 0;
  const header = new SecretHeader(
    'x-key',
    async () => {
      const answer = answers[Math.min(reads, answers.length - 1)];
      reads += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    effects,
  );
  const value = async () => {
    const request = await header.authorize(jsonRequest(new URL('http://localhost/'), new Uint8Array()));
    return request.headers['x-key'];
  };
  return { header, value, pass, reads: () => reads };
}

describe('a header from a secret', () => {
  it('is read once, also if two exports need it at the same time', async () => {
    const { value, reads } = reading('one\n');
    await expect(Promise.all([value(), value()])).resolves.toEqual(['one', 'one']);
    await expect(value()).resolves.toBe('one');
    expect(reads()).toBe(1);
  });

  it('is read again after a refusal, at most every five minutes', async () => {
    const { header, value, pass, reads } = reading('one', 'two', 'three');
    await value();
    header.refused();
    await expect(value()).resolves.toBe('one');
    pass(secretMinAgeMs);
    header.refused();
    await expect(value()).resolves.toBe('two');
    header.refused();
    await expect(value()).resolves.toBe('two');
    expect(reads()).toBe(2);
  });

  it('is read again after it could not be read', async () => {
    const { value } = reading(
      Object.assign(new Error('arn and more'), { name: 'AccessDeniedException' }),
      'one',
    );
    const failure = await value().catch((error: Error) => error.message);
    expect(failure).toContain('AccessDeniedException');
    expect(failure).not.toContain('arn and more');
    await expect(value()).resolves.toBe('one');
  });

  it.each([undefined, '', ' \n', 'one\ntwo', 'schlüssel', 'k\u0000'])(
    'refuses %j, without saying it',
    async (secret) => {
      const { value } = reading(secret);
      const failure = await value().catch((error: Error) => error.message);
      expect(failure).toBe("The secret must be the header's value: one line of printable ASCII characters.");
    },
  );
});
