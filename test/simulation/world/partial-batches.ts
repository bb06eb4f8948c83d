import type { SimulatedCall, SimulatedService } from './world.ts';

type Requests = Readonly<Record<string, readonly unknown[]>>;
type Keys = Readonly<Record<string, { readonly Keys: readonly unknown[] }>>;

/**
 * DynamoDB that leaves some parts of a batch unprocessed, as `call.leavesOut` says: the others are carried out. Batches have one
 * table here.
 */
export function leavingOut(service: Pick<SimulatedService, 'execute'>): SimulatedService {
  return {
    execute: (operation, input, call) => {
      const { leavesOut } = call;
      if (leavesOut === undefined || leavesOut.size === 0) return service.execute(operation, input, call);
      if (operation === 'BatchWriteItem')
        return writeSome(service, input as { RequestItems: Requests }, call, leavesOut);
      if (operation === 'BatchGetItem')
        return getSome(service, input as { RequestItems: Keys }, call, leavesOut);
      return service.execute(operation, input, call);
    },
  };
}

function writeSome(
  service: Pick<SimulatedService, 'execute'>,
  input: { readonly RequestItems: Requests },
  call: SimulatedCall,
  leavesOut: ReadonlySet<number>,
): object {
  const [[table, requests] = ['', []]] = Object.entries(input.RequestItems);
  const { done, left } = divided(requests, leavesOut);
  const output =
    done.length === 0
      ? {}
      : service.execute('BatchWriteItem', { ...input, RequestItems: { [table]: done } }, call);
  return { ...output, UnprocessedItems: { [table]: left } };
}

function getSome(
  service: Pick<SimulatedService, 'execute'>,
  input: { readonly RequestItems: Keys },
  call: SimulatedCall,
  leavesOut: ReadonlySet<number>,
): object {
  const [[table, { Keys, ...options }] = ['', { Keys: [] }]] = Object.entries(input.RequestItems);
  const { done, left } = divided(Keys, leavesOut);
  const asked = { ...input, RequestItems: { [table]: { ...options, Keys: done } } };
  const output =
    done.length === 0 ? { Responses: { [table]: [] } } : service.execute('BatchGetItem', asked, call);
  return { ...output, UnprocessedKeys: { [table]: { ...options, Keys: left } } };
}

function divided<Part>(parts: readonly Part[], leavesOut: ReadonlySet<number>) {
  return {
    done: parts.filter((_, place) => !leavesOut.has(place)),
    left: parts.filter((_, place) => leavesOut.has(place)),
  };
}
