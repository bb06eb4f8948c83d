/** One line of a result: the fields that the query asks for. */
export type FoundLine = Readonly<Record<string, unknown>>;

/**
 * Runs a query of CloudWatch Logs Insights over lines of JSON, in their order. It knows the part of the language that the runbook
 * uses for the audit of reads: `fields` first, then `filter` with `=` and `like "text"` joined by `and`; `sort` and `limit` are
 * checked and ignored. Throws for everything else, because a query that it misreads would prove nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export function queryLines(query: string, lines: readonly string[]): readonly FoundLine[] {
  const [fields = '', ...commands] = query.trim().split(/\n\| /);
  const names = /^fields ((?:@?\w+)(?:, @?\w+)*)$/.exec(fields)?.[1]?.split(', ');
  if (names === undefined) throw new Error(`Not a list of fields: ${fields}`);
  const tests = commands.flatMap(testsOf);
  return lines
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as FoundLine] : []))
    .filter((line) => tests.every((test) => test(line)))
    .map((line) => Object.fromEntries(names.flatMap((name) => (name in line ? [[name, line[name]]] : []))));
}

type Test = (line: FoundLine) => boolean;

function testsOf(command: string): readonly Test[] {
  if (/^(?:sort @timestamp(?: desc)?|limit \d+)$/.test(command)) return [];
  const [, conditions] = /^filter (.*)$/.exec(command) ?? [];
  if (conditions === undefined) throw new Error(`Not a command that this knows: ${command}`);
  return conditions.split(' and ').map((condition) => {
    const [, field = '', operator, value = ''] = /^(\w+) (=|like) "([^"\\]*)"$/.exec(condition) ?? [];
    if (operator === undefined) throw new Error(`Not a condition that this knows: ${condition}`);
    if (operator === '=') return (line) => line[field] === value;
    return (line) => typeof line[field] === 'string' && line[field].includes(value);
  });
}
