import { awsClient } from '../../aws-json.ts';
import { messageOf, UserError } from '../../user-error.ts';
import type { Engine } from '../engine.ts';

/**
 * A DynamoDB endpoint that the user runs.
 * @throws {UserError} when `url` is not a URL, or when no DynamoDB answers there.
 */
export async function useExternalDynamodb(url: string): Promise<Engine> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UserError(`--dynamodb must be a URL such as http://localhost:8000, not "${url}".`);
  }
  try {
    await awsClient(url, 'dynamodb').call('ListTables', { Limit: 1 });
  } catch (error) {
    const reason = messageOf(error) || 'no answer';
    throw new UserError(`No DynamoDB answers at ${url} (${reason}): start it, or leave --dynamodb out.`);
  }
  return { name: 'DynamoDB', url: url.replace(/\/$/, ''), stop: async () => undefined };
}
