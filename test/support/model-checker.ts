import { UserError } from '../../tools/host/user-error.ts';
import { tlcJar } from '../simulation/model/tlc.ts';
import { describeUnless } from './describe-unless.ts';

const found = await tlcJar().then(
  (jar) => ({ jar, missing: undefined }),
  (error: unknown) => {
    if (error instanceof UserError) return { jar: '', missing: error.message };
    throw error;
  },
);

/**
 * A `describe` for specs that need TLC, the model checker of TLA+. Without Java or Python, or if the package cannot be installed, they
 * are skipped, and the end of the run reports that.
 */
export function describeWithModelChecker(title: string, block: (jar: string) => void): void {
  describeUnless(found.missing, title, () => block(found.jar));
}
