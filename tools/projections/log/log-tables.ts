import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf, UserError } from '../../host/user-error.ts';

/** The names of the tables of the log and of its snapshots. */
export interface LogTables {
  readonly eventLog: string;
  readonly snapshots: string;
}

/**
 * The tables of a stage. Their names are generated; the API function, whose name is known, has them in its environment. Needs
 * `lambda:GetFunctionConfiguration`. @throws {UserError} if there is no such stage.
 */
export async function logTables(lambda: LambdaClient, stage: string): Promise<LogTables> {
  const name = `streamfold-${stage}-api`;
  const { EVENT_LOG_TABLE: eventLog, SNAPSHOT_TABLE: snapshots } = await environmentOf(lambda, name);
  if (eventLog === undefined || snapshots === undefined) {
    throw new UserError(`The function ${name} does not name the tables of its log.`);
  }
  return { eventLog, snapshots };
}

async function environmentOf(lambda: LambdaClient, name: string) {
  try {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return found.Environment?.Variables ?? {};
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new UserError(`There is no function ${name}: the stage is not deployed here.`);
    }
    throw new UserError(`The function ${name} cannot be read: ${messageOf(error) || String(error)}`);
  }
}
