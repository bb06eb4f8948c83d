import type { LocalFunction } from './function.ts';

/** The functions of the app, by name. */
export class FunctionRegistry {
  readonly #functions = new Map<string, LocalFunction>();

  add(localFunction: LocalFunction): void {
    this.#functions.set(localFunction.configuration.name, localFunction);
  }

  /** By name, ARN (with a qualifier or without) or the `account:function:name` form; undefined when there is none. */
  find(reference: string): LocalFunction | undefined {
    const name = /(?:^|:)function:([^:/]+)/.exec(reference)?.[1] ?? reference.split(':')[0] ?? '';
    return this.#functions.get(name);
  }

  list(): LocalFunction[] {
    return [...this.#functions.values()];
  }

  async stop(): Promise<void> {
    await Promise.all(this.list().map((localFunction) => localFunction.stop()));
  }
}
