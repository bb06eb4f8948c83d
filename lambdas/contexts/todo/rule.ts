/** What else has to be so for an event to open or close an item. */
export type Condition =
  /** The event says a number in this field, and it is smaller. */
  | { readonly field: string; readonly below: number }
  /** An event of this type came before, ever. */
  | { readonly after: string }
  /** The stream's balance, this event included, is below zero, or is not. */
  | { readonly overdrawn: boolean };

/** An event that opens or closes an item. */
export interface Trigger {
  readonly type: string;
  readonly condition?: Condition;
}

/** What opens and what closes one kind of item. */
export interface TodoRule {
  /** The category of the streams that the items are about. */
  readonly context: string;
  /** Lower-case letters and "-"; unique among all contexts. */
  readonly kind: string;
  readonly doneBy: 'person' | 'automation';
  readonly opened: readonly Trigger[];
  readonly closed: readonly Trigger[];
}

export function on(type: string, condition?: Condition): Trigger {
  return condition === undefined ? { type } : { type, condition };
}

export function whereBelow(field: string, below: number): Condition {
  return { field, below };
}

export function after(type: string): Condition {
  return { after: type };
}

export const whenOverdrawn: Condition = { overdrawn: true };
export const whenNotOverdrawn: Condition = { overdrawn: false };
