import { generationState, InvalidGenerationsError } from '../generation-state.ts';
import type { GenerationState } from '../generations.ts';
import type { Item } from './dynamodb-batches.ts';

/** The name of the item with the generations of a read model. */
export function generationsItem(model: string): string {
  return `generations/${model}`;
}

/** The attributes of a state: its JSON, and its revision once more, for the condition of the next change. */
export function generationAttributes(state: GenerationState): Item {
  return { revision: { N: String(state.revision) }, state: { S: JSON.stringify(state) } };
}

/** The state in an item. Throws {@link InvalidGenerationsError} if there is none, or if its two revisions differ. */
export function stateOfItem(item: Item, name: string): GenerationState {
  const text = item['state']?.S;
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw new InvalidGenerationsError(
      `The item ${name} of the control table has no JSON in its text attribute \`state\`. Correct it by hand.`,
    );
  }
  const state = generationState(value, name);
  if (item['revision']?.N === String(state.revision)) return state;
  throw new InvalidGenerationsError(
    `The item ${name} of the control table has another number in its attribute \`revision\` than \`state\`. Correct it by hand.`,
  );
}
