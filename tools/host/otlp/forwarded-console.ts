import type { HostConsole } from '../console.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { functionResource } from './function-resource.ts';
import { LogForwarder } from './log-forwarder.ts';

/** A console that also sends what functions log to a receiver, until it is stopped. */
export function forwardedConsole(
  output: HostConsole,
  url: string,
  functions: FunctionRegistry,
): { readonly output: HostConsole; stop(): Promise<void> } {
  const forwarder = new LogForwarder({
    url,
    resourceOf: (name) => functionResource(name, functions.find(name)?.configuration.environment),
    warn: output.warn,
    say: output.say,
  });
  const functionLog: HostConsole['functionLog'] = (name, line) => {
    output.functionLog(name, line);
    forwarder.log(name, line);
  };
  return { output: { ...output, functionLog }, stop: () => forwarder.stop() };
}
