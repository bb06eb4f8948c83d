import { projectorName } from '../../schema/names.ts';
import { type ReadModelName, rebuilderName, verifierName } from '../../schema/projections.ts';
import { credentials, region } from '../host/aws-json.ts';
import { untilStarted } from '../host/until-started.ts';
import type { ProjectionsArguments } from './args.ts';
import { change } from './change.ts';
import { LambdaFunctions } from './functions.ts';
import { checkLog } from './log/check-log.ts';
import { withProgress } from './progress.ts';
import { forget } from './rebuild/forget.ts';
import { rebuild } from './rebuild/rebuild.ts';
import { type RebuildReport, rebuildLines, rebuildOutcome } from './rebuild/rebuild-report.ts';
import { remove } from './rebuild/removal.ts';
import { RebuildMachine } from './rebuild/state-machine.ts';
import { rebuildDeployed } from './rebuild/watch-rebuild.ts';
import { redrive } from './redrive.ts';
import { repair } from './repair.ts';
import { RepeatedFunctions } from './repeated-functions.ts';
import { type Outcome, type Session, systemClock } from './session.ts';
import { status } from './status.ts';
import { localEndpoint } from './usage.ts';
import { verify } from './verify.ts';

type Chosen = Exclude<ProjectionsArguments, { command: 'help' }>;
type Rebuild = Extract<Chosen, { command: 'rebuild' }>;

export interface RunOptions {
  readonly say: (line: string) => void;
  /** Prints a line about a fault that passes. */
  readonly warn: (line: string) => void;
  /** Its reason is the error of a command that it stops. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command against the functions of its stage. @throws {Refused} if something is refused, {UserError} if it cannot be done.
 */
export async function run(chosen: Chosen, { say, warn, signal }: RunOptions): Promise<Outcome> {
  const { stage } = chosen;
  const client = clientOptions(chosen);
  const lambda = new LambdaFunctions({ stage, client, signal });
  // Only where npm start answers by default: a wrong --endpoint is said at once.
  if (chosen.endpoint === localEndpoint) await untilStarted(localEndpoint, { say: warn, signal });
  const functionArn = await lambda.arn(firstFunction(chosen));
  if (chosen.command === 'verify-log') return checkLog(stage, chosen.segments, client);
  const clock = systemClock(signal);
  const functions = new RepeatedFunctions({ functions: lambda, clock, warn });
  const session: Session = { functions, say, withProgress, clock };
  if (chosen.command !== 'rebuild') return runCommand(session, chosen);
  if (!chosen.isDeployed) {
    return rebuildAll(session, chosen, (readModel) => rebuild(session, readModel, chosen));
  }
  const machine = new RebuildMachine({ functionArn, stage, client, signal });
  const { segments, switches } = chosen;
  return rebuildAll(session, chosen, (readModel) =>
    rebuildDeployed(session, machine, { readModel, segments, switch: switches }),
  );
}

/** The local host checks no credentials. A stage has those of the environment. */
function clientOptions({ stage, endpoint }: Chosen) {
  return { ...(stage === 'local' && { region, credentials }), ...(endpoint !== undefined && { endpoint }) };
}

/** A function that the command needs. It is looked up before anything is begun. */
function firstFunction(chosen: Chosen): string {
  switch (chosen.command) {
    case 'verify-log':
      return 'api';
    case 'verify':
      return verifierName;
    case 'redrive': {
      const [consumer = 'publisher'] = chosen.consumers;
      return consumer === 'publisher' ? consumer : projectorName(consumer);
    }
    default:
      return rebuilderName;
  }
}

function runCommand(
  session: Session,
  chosen: Exclude<Chosen, { command: 'verify-log' | 'rebuild' }>,
): Promise<Outcome> {
  switch (chosen.command) {
    case 'status':
      return status(session);
    case 'verify':
      return verify(session, chosen.readModels, chosen.sample);
    case 'repair':
      return repair(session, chosen.stream);
    case 'switch':
    case 'undo':
      return change(session, chosen.command, chosen.readModel);
    case 'drop':
    case 'discard':
      return remove(session, chosen.command, chosen.readModel, chosen.concurrency);
    case 'redrive':
      return redrive(session, chosen.consumers);
    default:
      return chosen satisfies never;
  }
}

/** One read model after the other. What was built before a failure is active. */
async function rebuildAll(
  session: Session,
  { readModels, restored }: Rebuild,
  rebuildOne: (readModel: ReadModelName) => Promise<RebuildReport>,
): Promise<Outcome> {
  if (restored) {
    const { snapshots, segments } = await forget(session, readModels);
    session.say(`Deleted ${snapshots} snapshots and ${segments} parts of segments. They are made again.`);
  }
  const reports: RebuildReport[] = [];
  for (const readModel of readModels) {
    const report = await rebuildOne(readModel);
    reports.push(report);
    // The reports of those that are built are not lost if the next one fails.
    for (const line of rebuildLines(report)) session.say(line);
  }
  return rebuildOutcome(reports);
}
