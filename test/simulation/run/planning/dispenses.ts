import type { PersonCommand } from '../../history.ts';
import type { Random } from '../../world/random.ts';

type Step = Exclude<Extract<PersonCommand, { context: 'dispense' }>['do'], 'correct-patient'>;

/** The usual course of a dispense. */
const course: readonly Step[] = [
  ...(['start', 'upload', 'add-patient', 'add-drugs', 'confirm', 'add-drugs', 'complete'] as const),
];
/** Documents: see `system/analyzer.ts`. */
const documents = ['plain-1', 'plain-2', 'plain-3', 'plain-4', 'doubtful-1', 'doubtful-2', 'blank-1'];

/** Makes up commands on the dispenses of one history. */
export class Dispenses {
  readonly ids: readonly string[];
  readonly #random: Random;
  readonly #steps = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
    this.ids = random.chance(0.5) ? ['dispense-1', 'dispense-2'] : ['dispense-1'];
  }

  /** The next command: the next step of a dispense, an earlier one again, or any. `favourite`: the dispense that it is about. */
  next(favourite?: string): PersonCommand {
    const random = this.#random;
    const id = favourite ?? random.pick(this.ids);
    const step = this.#steps.get(id) ?? 0;
    const luck = random.next();
    // In a burst, what is uploaded is soon replaced.
    if (favourite !== undefined && step > 0 && luck < 0.3) return this.#command(id, 'upload');
    if (luck < 0.7 && step < course.length) {
      this.#steps.set(id, step + 1);
      return this.#command(id, course[step] ?? 'start');
    }
    if (luck < 0.73) return this.#command(id, 'cancel');
    if (luck < 0.78) return this.#command(id, 'add-page');
    return this.#command(id, random.pick(course.slice(0, Math.max(2, step))));
  }

  /** How long a person looks at an analysis. */
  #seen(): 'at-once' | 'slowly' {
    return this.#random.chance(0.7) ? 'at-once' : 'slowly';
  }

  #command(id: string, step: Step): PersonCommand {
    const random = this.#random;
    switch (step) {
      case 'upload':
      case 'add-page':
        return { context: 'dispense', do: step, id, document: random.pick(documents) };
      case 'confirm':
        return { context: 'dispense', do: step, id, analysis: this.#seen() };
      case 'add-patient':
        return { context: 'dispense', do: step, id, name: random.pick(['Evelyn Quill', 'Finnegan Quill']) };
      case 'add-drugs': {
        const drugs = ['Ibuprofen', 'Paracetamol', 'Amoxicillin'].slice(0, random.between(1, 3));
        const analysis = random.chance(0.5) ? { analysis: this.#seen() } : {};
        return { context: 'dispense', do: step, id, drugs, ...analysis };
      }
      default:
        return { context: 'dispense', do: step, id };
    }
  }
}
