import { availableParallelism } from 'node:os';
import type { LocalFunction } from './function.ts';

/** As many as share this machine well: code that loads needs a processor, and has limited time. */
const loadedAtOnce = Math.max(2, availableParallelism());

/** The functions of the app, by name. */
export class FunctionRegistry {
  readonly #functions = new Map<string, LocalFunction>();

  add(localFunction: LocalFunction): void {
    this.#functions.set(localFunction.configuration.name, localFunction);
  }

  /** Undefined when there is no function with this name or ARN. */
  find(reference: string): LocalFunction | undefined {
    return this.#functions.get(reference.replace(/^arn:aws:lambda:.*:function:/, ''));
  }

  /** The function with this name after that of the stage. */
  withShortName(name: string): LocalFunction | undefined {
    return this.list().find(({ configuration }) => configuration.name.endsWith(`-${name}`));
  }

  list(): LocalFunction[] {
    return [...this.#functions.values()];
  }

  /**
   * Loads the code of all functions, a few at a time, and resolves with the names of those that do not load. Each has 10
   * seconds.
   */
  async load(): Promise<string[]> {
    const rest = this.list();
    const notLoaded: string[] = [];
    const loadInTurn = async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
        if (!(await next.load())) notLoaded.push(next.configuration.name);
      }
    };
    await Promise.all(Array.from({ length: loadedAtOnce }, loadInTurn));
    return notLoaded.sort();
  }

  async stop(): Promise<void> {
    await Promise.all(this.list().map((localFunction) => localFunction.stop()));
  }
}
