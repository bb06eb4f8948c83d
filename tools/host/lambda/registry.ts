import type { LocalFunction } from './function.ts';

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

  async stop(): Promise<void> {
    await Promise.all(this.list().map((localFunction) => localFunction.stop()));
  }
}
