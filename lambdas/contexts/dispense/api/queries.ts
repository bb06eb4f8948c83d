import * as z from 'zod';
import type { ListOf } from '../../../../schema/contexts.ts';
import { queryRoutes } from '../../../http/query-routes.ts';
import type { ReadSide } from '../../../http/resource.ts';
import type { Route } from '../../../http/route.ts';
import { keysWithPrefix } from '../../../kernel/index.ts';
import { dispenseStatuses } from '../domain/dispense.ts';
import { type DispenseRow, statusKey } from '../read-model/projection.ts';
import { dispenses } from './answers.ts';

/** What the queries of dispenses need. */
export type DispenseReadSide = ReadSide<DispenseRow, never, ListOf<'dispense'>>;

/** The routes that read dispenses. */
export function dispenseQueries(side: DispenseReadSide): Route[] {
  const { one, page } = queryRoutes(dispenses, side);
  return [
    one({
      operationId: 'getDispense',
      summary: 'A dispense, now or in the past: patient, drugs, prescription and the result of its analysis',
      past: true,
    }),
    page({
      operationId: 'listDispenses',
      summary: 'All dispenses or those in a state, oldest first',
      query: { state: z.enum(dispenseStatuses).optional() },
      scope: ({ state }) => `state=${state ?? ''}`,
      list: ({ state }) =>
        state === undefined ? { list: 'byStart' } : { list: 'byState', ...keysWithPrefix(statusKey(state)) },
      matches: (row, { state }) => state === undefined || row.state === state,
    }),
  ];
}
