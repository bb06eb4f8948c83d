import type { FunctionCall } from './gate.ts';
import { covers, type Grant } from './policy.ts';

/** Grants that no call of a function uses, with the reason why they are needed. */
export interface Exception {
  /** Names of functions, without the stage. */
  readonly functions: readonly string[];
  readonly actions: readonly string[];
  readonly resource: RegExp;
  readonly reason: string;
}

/** The result of {@link compare}. */
export interface Comparison {
  /** Refused calls, and grants that no call used and no exception explains: one sentence each. */
  readonly violations: readonly string[];
  /** Exceptions that do not match an unused grant: one sentence for each action. */
  readonly stale: readonly string[];
  /** A text for people: function, resource, actions with the number of calls that used them; then the exceptions. */
  readonly table: string;
}

interface Use {
  readonly functionName: string;
  readonly grant: Grant;
  /** Calls that this grant allowed. */
  readonly calls: number;
  readonly exception: Exception | undefined;
}

/** Compares the calls of functions with the grants of their roles, in both directions. */
export function compare(
  calls: readonly FunctionCall[],
  grants: ReadonlyMap<string, readonly Grant[]>,
  exceptions: readonly Exception[],
): Comparison {
  const uses = [...grants].flatMap(([functionName, granted]) => {
    const needed = calls
      .filter((call) => call.functionName === functionName)
      .map(({ permissions }) => permissions);
    return granted.map((grant): Use => {
      const used = needed.filter((permissions) =>
        permissions.some((permission) => covers(grant, permission)),
      );
      const exception =
        used.length > 0
          ? undefined
          : exceptions.find((candidate) => explains(candidate, functionName, grant));
      return { functionName, grant, calls: used.length, exception };
    });
  });
  const unused = uses.filter((use) => use.calls === 0 && use.exception === undefined);
  return {
    violations: [
      ...new Set(calls.flatMap(({ refusal }) => refusal ?? [])),
      ...unused.map(
        ({ functionName, grant: { action, resource } }) =>
          `${functionName} is allowed ${action} on ${resource} and never used it.`,
      ),
    ],
    stale: exceptions.flatMap((exception) => staleParts(exception, uses)),
    table: [tableOf(uses), '', ...exceptions.map(footnote)].join('\n'),
  };
}

function explains({ functions, actions, resource }: Exception, functionName: string, grant: Grant): boolean {
  return (
    functions.includes(shortName(functionName)) &&
    actions.includes(grant.action) &&
    resource.test(grant.resource)
  );
}

function staleParts(exception: Exception, uses: readonly Use[]): string[] {
  const explained = uses.filter((use) => use.exception === exception);
  return exception.functions.flatMap((name) =>
    exception.actions
      .filter(
        (action) =>
          !explained.some((use) => shortName(use.functionName) === name && use.grant.action === action),
      )
      .map((action) => `${name} has no unused grant of ${action}: the exception says "${exception.reason}".`),
  );
}

/** `streamfold-<stage>-ledger-projector` without its prefix. */
function shortName(functionName: string): string {
  return functionName.split('-').slice(2).join('-');
}

function footnote({ actions, reason }: Exception): string {
  return `Not called by the functions: ${actions.join(', ')}: ${reason}.`;
}

function tableOf(uses: readonly Use[]): string {
  const rows = new Map<
    string,
    { cells: [string, string]; used: string[]; byService: string[]; unused: string[] }
  >();
  for (const { functionName, grant, calls, exception } of uses) {
    const cells: [string, string] = [shortName(functionName), shortResource(grant.resource)];
    const row = rows.get(cells.join(' ')) ?? { cells, used: [], byService: [], unused: [] };
    rows.set(cells.join(' '), row);
    const action = grant.action.slice(grant.action.indexOf(':') + 1);
    if (calls > 0) row.used.push(`${action} ${calls}`);
    else (exception ? row.byService : row.unused).push(action);
  }
  const lines = [...rows.values()].map(({ cells, used, byService, unused }) => [
    ...cells,
    used.join(', '),
    [...byService, ...unused.map((action) => `UNUSED ${action}`)].join(', '),
  ]);
  return aligned([
    ['function', 'resource', 'granted and called (times)', 'granted and not called'],
    ...lines,
  ]);
}

/** `arn:...:table/streamfold-local-EventLogTable9CC67CCE` without account, stack and hash. */
function shortResource(arn: string): string {
  return arn
    .replace(/^.*[:/]streamfold-[^-]+-/, '')
    .replace(/^arn:.*:/, '')
    .replace(/[0-9A-Fa-f]{8}(?=$|\/)/, '')
    .replace(/\/stream\/.*$/, '/stream');
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
