import { UserError } from '../host/user-error.ts';
import { askReceiver } from './ask.ts';
import { queryText, type TraceQuery } from './query.ts';
import { tracesOf } from './traces.ts';
import { untilSettled } from './until-settled.ts';
import { type Look, waterfall } from './waterfall.ts';

/** The receiver answers the newest ones only. */
const tracesMax = 20;

/** The lines that answer a query. Waits until the trace is complete. @throws {UserError} when there is none */
export async function printedTraces(url: string, query: TraceQuery, look: Look): Promise<readonly string[]> {
  const answer = await untilSettled(() => askReceiver(url, query));
  if (answer === undefined || answer.spans.length === 0) throw notFound(query, answer?.unreadable ?? 0);
  const traces = tracesOf(answer.spans, query.by === 'trace' ? query.id : undefined);
  const lines = traces.flatMap((trace, index) => [...(index > 0 ? [''] : []), ...waterfall(trace, look)]);
  return [
    ...lines,
    ...(traces.length >= tracesMax
      ? ['', `These are the newest ${traces.length} traces of ${queryText(query)}.`]
      : []),
    ...(answer.unreadable > 0
      ? ['', `Spans without valid ids or times, not shown: ${answer.unreadable}.`]
      : []),
  ];
}

function notFound(query: TraceQuery, unreadable: number): UserError {
  if (unreadable > 0) return new UserError(`All spans of ${queryText(query)} lack valid ids or times.`);
  const hint =
    query.by === 'commit'
      ? ' A commit is named by the version of its first event, and with its tenant: ledger/acme/first@12.'
      : '';
  return new UserError(
    `No trace of ${queryText(query)}. The host keeps the newest spans only, and forgets all when it stops; a function that warns of traces that are not sent has dropped its own. With the setting "tracing", a collector may have it, or a ratio have left it out.${hint}`,
  );
}
