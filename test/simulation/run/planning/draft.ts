import type { Act } from '../../plan.ts';

type CommandAct = Extract<Act, { kind: 'command' }>;

/** An act before the order of all is known: it names another act itself, not by its place. */
export type Draft =
  | (Omit<CommandAct, 'key' | 'misusesKeyOf'> & {
      /** Has a key of its own. */
      readonly isKeyed: boolean;
      readonly misusesKeyOf?: CommandDraft;
    })
  | { readonly kind: 'again'; readonly atMs: number; readonly who: string; readonly of: CommandDraft }
  | Exclude<Act, { kind: 'command' | 'again' }>;

export type CommandDraft = Extract<Draft, { kind: 'command' }>;

/** Acts in the order of their times, with keys that count up in this order. */
export function actsOf(drafts: readonly Draft[]): readonly Act[] {
  const inOrder = drafts.toSorted((one, other) => one.atMs - other.atMs);
  const places = new Map(inOrder.map((draft, place) => [draft, place]));
  const keys = new Map<Draft, string>();
  for (const draft of inOrder) {
    if (draft.kind === 'command' && draft.isKeyed) keys.set(draft, `k${keys.size + 1}`);
  }
  return inOrder.map((draft) => {
    if (draft.kind === 'again') {
      const { of, ...rest } = draft;
      return { ...rest, act: places.get(of) ?? 0 };
    }
    if (draft.kind !== 'command') return draft;
    const { isKeyed, misusesKeyOf, ...rest } = draft;
    const key = keys.get(misusesKeyOf ?? draft);
    return {
      ...rest,
      ...(key !== undefined && { key }),
      ...(misusesKeyOf && { misusesKeyOf: places.get(misusesKeyOf) ?? 0 }),
    };
  });
}
