import { generationState, nextState } from '../generation-state.ts';
import { type GenerationState, type GenerationsStore, initialGenerations } from '../generations.ts';

/** Generations in memory, for specs and small tools. */
export class MemoryGenerations implements GenerationsStore {
  readonly #states = new Map<string, unknown>();

  async read(model: string): Promise<GenerationState> {
    return this.#stored(model);
  }

  async change(model: string, from: GenerationState, to: GenerationState) {
    const state = nextState(from, to, itemName(model));
    if (this.#stored(model).revision !== from.revision) return { outcome: 'conflict' } as const;
    this.#states.set(model, structuredClone(state));
    return { outcome: 'changed', state } as const;
  }

  /** Stores anything, as a person could. */
  put(model: string, value: unknown): void {
    this.#states.set(model, value);
  }

  #stored(model: string): GenerationState {
    const stored = this.#states.get(model);
    return stored === undefined ? initialGenerations : generationState(stored, itemName(model));
  }
}

function itemName(model: string): string {
  return `generations/${model}`;
}
