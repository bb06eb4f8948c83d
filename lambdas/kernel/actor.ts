/** The issuer of the names of Streamfold's own functions. No token and no IAM identity has it. */
const systemIssuer = 'urn:streamfold:system';

/**
 * The name of a caller in commits: issuer and subject, separated by a space. An issuer has no space, so two callers never
 * have the same name.
 */
export function actorName(issuer: string, subject: string): string {
  return `${issuer} ${subject}`;
}

/** The name of one of Streamfold's own functions in commits. */
export function systemActor(functionName: string): string {
  return actorName(systemIssuer, functionName);
}
