import { type Grant, grantsIn } from './policy.ts';

/** The roles of the template, the policies attached to them, and the functions that have them. */
export class Roles {
  readonly #documents = new Map<string, unknown[]>();
  readonly #roleOfFunction = new Map<string, string>();

  /** Attaches a policy document. Managed policies have their text elsewhere: here they allow nothing. */
  attach(roleName: string, document: unknown): void {
    const documents = this.#documents.get(roleName) ?? [];
    this.#documents.set(roleName, [...documents, document]);
  }

  /** Makes a function act by a role, given as `arn:aws:iam::...:role/name`. */
  assume(functionName: string, roleArn: string): void {
    this.#roleOfFunction.set(functionName, roleArn.slice(roleArn.lastIndexOf('/') + 1));
  }

  /**
   * What each function may do, by its name.
   * @throws {UserError} for a policy that is not understood.
   */
  grants(): Map<string, readonly Grant[]> {
    return new Map(
      [...this.#roleOfFunction].map(([functionName, roleName]) => [
        functionName,
        (this.#documents.get(roleName) ?? []).flatMap(grantsIn),
      ]),
    );
  }
}
