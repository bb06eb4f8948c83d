import type { RebuilderRequest } from '../../schema/projections.ts';

const onlyOnce: ReadonlySet<unknown> = new Set<RebuilderRequest['action']>(['undo', 'discard', 'drop']);

/**
 * Whether a request must not be sent again if its answer was lost. A second `undo` undoes the first. What was given up or switched
 * to is found no more, or is another generation; with its name, `switch` is safe.
 */
export function isOnlyOnce(request: object): boolean {
  const { action, generation } = request as Partial<Extract<RebuilderRequest, { action: 'switch' }>>;
  return onlyOnce.has(action) || (action === 'switch' && generation === undefined);
}
