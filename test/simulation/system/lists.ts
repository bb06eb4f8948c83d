import { accounts } from '../../../lambdas/contexts/ledger/api/answers.ts';
import { findMetrics } from '../../../lambdas/contexts/metrics/api/find-metrics.ts';
import { type MetricStatus, statusOf } from '../../../lambdas/contexts/metrics/domain/status.ts';
import { filingState } from '../../../lambdas/contexts/metrics/read-model/filing.ts';
import { findItems } from '../../../lambdas/contexts/todo/api/find-items.ts';
import { filteredPage } from '../../../lambdas/http/filtered-page.ts';
import { rowsIn } from '../../../lambdas/http/list-reads.ts';
import { HttpProblem } from '../../../lambdas/http/problem.ts';
import { nextKey, readLines } from '../../../lambdas/http/query-routes.ts';
import type { EventLog, RowQueries } from '../../../lambdas/kernel/index.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import type { ContextName } from '../../../schema/contexts.ts';
import type { ListEntry } from '../history.ts';
import type { ListCall, ListReply } from './api-calls.ts';

// biome-ignore lint/suspicious/noExplicitAny: each read model has its own rows, and they are used alike.
type Rows = Readonly<Record<ContextName, RowQueries<any, any>>>;

const fresh = { 'cache-control': 'no-cache' };

/** The lists of the API, read as its routes read them. */
export class Lists {
  readonly #log: EventLog;
  readonly #rows: Rows;
  readonly #isFiled: () => Promise<boolean>;
  readonly #now: () => string;

  constructor(platform: build.Platform, log: EventLog, rows: Rows) {
    this.#log = log;
    this.#rows = rows;
    this.#isFiled = filingState(build.control(platform));
    this.#now = platform.effects.now;
  }

  async page(call: ListCall): Promise<ListReply> {
    const position = { after: call.after, limit: call.limit };
    switch (call.list) {
      case 'accounts': {
        const read = rowsIn(this.#rows.ledger, 'byOpening', {});
        return pageOf(await filteredPage(read, () => true, position));
      }
      case 'metrics-by-name':
      case 'metrics-by-deadline':
        return this.#metrics(call, position);
      case 'todo': {
        const { about: subject, status } = call;
        const filters = { subject, status } as Parameters<typeof findItems>[1];
        const { items, next } = await findItems(this.#rows.todo, filters, position, () => true);
        return {
          entries: items.map(({ item, place }) => ({
            key: place,
            content: item as unknown as ListEntry['content'],
          })),
          next,
        };
      }
      case 'statement':
        return this.#statement(call, position);
    }
  }

  async #metrics({ list, status }: ListCall, position: Position): Promise<ListReply> {
    const now = this.#now();
    const filters = {
      ...(status !== undefined && { status: status as MetricStatus }),
      sort: list === 'metrics-by-name' ? 'name' : 'deadline',
    } as const;
    const read = await findMetrics(
      this.#rows.metrics,
      filters,
      now,
      status !== undefined && (await this.#isFiled()),
    );
    const matches = ({ row }: { readonly row: { readonly metric: Parameters<typeof statusOf>[0] } }) =>
      status === undefined || statusOf(row.metric, now) === status;
    return pageOf(await filteredPage(read, matches, position));
  }

  async #statement({ about = '' }: ListCall, position: Position): Promise<ListReply> {
    try {
      const side = { log: this.#log, readModel: this.#rows.ledger };
      const { read } = await readLines(accounts, side, about, fresh);
      const page = await read({ ...position, order: 'descending' });
      return {
        entries: page.lines.map(({ key, line }) => ({ key, content: { ...line } })),
        next: nextKey(page),
      };
    } catch (error) {
      // There is no such account.
      if (error instanceof HttpProblem) return { entries: [] };
      throw error;
    }
  }
}

interface Position {
  readonly after: string | undefined;
  readonly limit: number;
}

function pageOf({
  entries,
  next,
}: {
  readonly entries: readonly { readonly listKey: string; readonly row: unknown }[];
  readonly next?: string | undefined;
}): ListReply {
  return {
    entries: entries.map(({ listKey, row }) => ({ key: listKey, content: row as ListEntry['content'] })),
    next,
  };
}
