import { awsClient } from '../aws-json.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Engine } from './engine.ts';

/**
 * A DynamoDB endpoint that somebody else runs.
 * @throws {UserError} when the URL is none or nothing there answers as DynamoDB does.
 */
export async function useExternalDynamodb(url: string): Promise<Engine> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UserError(`--dynamodb takes a URL such as http://localhost:8000, not "${url}".`);
  }
  const client = awsClient(url, 'dynamodb');
  try {
    await client.call('ListTables', { Limit: 1 });
  } catch (error) {
    const reason = messageOf(error) || 'no answer';
    throw new UserError(`No DynamoDB answers at ${url} (${reason}): start it, or leave --dynamodb out.`);
  } finally {
    client.close();
  }
  return { name: 'DynamoDB', url: url.replace(/\/$/, ''), stop: async () => undefined };
}
