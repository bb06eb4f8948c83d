import { availableParallelism } from 'node:os';
import { within } from '../within.ts';
import type { LocalFunction } from './function.ts';

/** As many as share this machine well: code that loads needs a processor, and has limited time. */
const loadedAtOnce = Math.max(2, availableParallelism());

/** An inspected function is waited for this long. As on Lambda, other functions have to load within it. */
const loadWaitMs = 10_000;

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
   * seconds. An inspected function that takes longer is told to `onSlow`, and goes on loading.
   */
  async load(onSlow: (text: string) => void): Promise<string[]> {
    const rest = this.list();
    const notLoaded: string[] = [];
    const loadInTurn = async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
        const { name, isInspected } = next.configuration;
        const loads = await (isInspected ? within(loadWaitMs, next.load()) : next.load());
        if (loads === undefined) onSlow(slowText(name));
        if (loads !== true) notLoaded.push(name);
      }
    };
    await Promise.all(Array.from({ length: loadedAtOnce }, loadInTurn));
    return notLoaded.sort();
  }

  /** Ends the functions that a debugger may hold: whoever waits for one of them would wait as long as it does. */
  async stopInspected(): Promise<void> {
    const inspected = this.list().filter(({ configuration }) => configuration.isInspected);
    await Promise.all(inspected.map((localFunction) => localFunction.stop()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.list().map((localFunction) => localFunction.stop()));
  }
}

function slowText(name: string): string {
  return `${name} has not loaded within ${loadWaitMs / 1_000} s. The host does not wait for it: it loads when its debugger, or its own code, lets it.`;
}
