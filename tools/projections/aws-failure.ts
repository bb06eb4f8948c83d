import { isBusy } from '../../lambdas/kernel/index.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { PassingFault } from './passing-fault.ts';
import { localEndpoint } from './usage.ts';

/**
 * A sentence for a call of AWS's API that failed after all attempts: a {@link PassingFault} if a later call may succeed.
 * @param what was called: `The function streamfold-dev-rebuilder`
 * @param endpoint undefined for AWS
 */
export function awsFailure(error: unknown, what: string, endpoint: string | undefined): UserError {
  const { name, code }: { name?: unknown; code?: unknown } = Object(error);
  const kind = String(name ?? '');
  if (kind === 'ResourceNotFoundException' || kind === 'StateMachineDoesNotExist') {
    return new UserError(
      `${what} does not exist here: the stage is not deployed, or by a release without read models that can be rebuilt.`,
    );
  }
  // The SDK may wrap an error and keep only its message.
  const [unreachable] =
    /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN/.exec(`${code} ${messageOf(error)}`) ?? [];
  if (unreachable !== undefined) {
    return new PassingFault(
      endpoint === undefined
        ? `AWS does not answer (${unreachable}). Check the network and the region.`
        : `Nothing answers at ${endpoint}.${endpoint === localEndpoint ? ' Start the local host with npm start.' : ''}`,
    );
  }
  if (messageOf(error) === 'Region is missing') {
    return new UserError('No AWS region is set: set AWS_REGION in the environment.');
  }
  if (kind === 'CredentialsProviderError') {
    return new UserError(`There are no AWS credentials in the environment: ${messageOf(error)}`);
  }
  if (/^(TooManyRequests|Throttling)/.test(kind)) {
    return new PassingFault(`${what} is throttled: ${messageOf(error)} Try again later.`);
  }
  const sentence = `${what} cannot be called: ${messageOf(error) || kind || String(error)}`;
  const isLost = messageOf(error).includes('socket hang up');
  return isLost || isBusy(error) ? new PassingFault(sentence) : new UserError(sentence);
}
