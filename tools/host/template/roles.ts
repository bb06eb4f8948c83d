/** The roles of the template, with their policies and the functions that have them. */
export class Roles {
  readonly #policies = new Map<string, unknown[]>();
  readonly #roleOfFunction = new Map<string, string>();

  /** Attaches a policy document to a role. */
  attach(roleName: string, document: unknown): void {
    this.#policies.set(roleName, [...(this.#policies.get(roleName) ?? []), document]);
  }

  /** Gives a function a role, by an ARN such as `arn:aws:iam::...:role/name`. */
  assume(functionName: string, roleArn: string): void {
    this.#roleOfFunction.set(functionName, roleArn.slice(roleArn.lastIndexOf('/') + 1));
  }

  /** The policy documents of each function's role, by the function's name. */
  policies(): Map<string, readonly unknown[]> {
    return new Map(
      [...this.#roleOfFunction].map(([functionName, role]) => [functionName, this.#policies.get(role) ?? []]),
    );
  }
}
