import { functionNames } from '../../bundle/bundle.ts';
import { UserError } from '../user-error.ts';

/** A function to inspect. */
export interface Inspection {
  /** As its file in `lambdas/functions`: `api`. */
  readonly functionName: string;
  /** Undefined: the first free port from {@link firstInspectorPort}. */
  readonly port?: number;
}

/** The port that debuggers try by default. */
export const firstInspectorPort = 9229;
const highestPort = 65_535;

/**
 * Parses the value of `--inspect`: `NAME[:PORT][,NAME[:PORT]]...`
 * @throws {UserError} for an unknown name, a name or port that occurs twice, or what is no port.
 */
export function parseInspect(text: string, names: readonly string[] = functionNames()): Inspection[] {
  const inspections = text.split(',').map((part) => parsePart(part.trim(), names));
  const twice = repeated(inspections.map(({ functionName }) => functionName));
  if (twice !== undefined) throw new UserError(`--inspect names ${twice} twice.`);
  const port = repeated(inspections.flatMap((inspection) => inspection.port ?? []));
  if (port !== undefined) throw new UserError(`--inspect names port ${port} twice.`);
  return inspections;
}

function parsePart(part: string, names: readonly string[]): Inspection {
  const [functionName = '', port, ...rest] = part.split(':');
  if (!names.includes(functionName)) {
    const what =
      functionName === ''
        ? '--inspect needs the name of a function'
        : `There is no function "${functionName}"`;
    throw new UserError(`${what}: --inspect takes ${names.join(', ')}.`);
  }
  if (port === undefined) return { functionName };
  const isPort = rest.length === 0 && /^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= highestPort;
  if (!isPort) throw new UserError(`--inspect ${part}: the port must be a number from 1 to ${highestPort}.`);
  return { functionName, port: Number(port) };
}

function repeated<Value>(values: readonly Value[]): Value | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
