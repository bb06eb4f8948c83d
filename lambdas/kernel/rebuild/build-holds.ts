/** Which run works on a build. It stops nobody: it tells a run that works from one that was killed. */
export interface BuildHolds {
  /** Holds a build for an owner. False while another owner holds it. `now` and `until`: ISO 8601, UTC, ms. */
  hold(
    build: string,
    owner: string,
    times: { readonly now: string; readonly until: string },
  ): Promise<boolean>;
  /** Undefined: nobody has held it. */
  heldUntil(build: string): Promise<string | undefined>;
}
