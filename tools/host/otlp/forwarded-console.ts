import type { HostConsole } from '../console.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { functionResource } from './function-resource.ts';
import { LogForwarder } from './log-forwarder.ts';
import { TraceWarnings } from './trace-warnings.ts';

/**
 * A console that also sends what functions log to a receiver, until it is stopped. Of the warnings that spans are not sent, it shows the first one of each outage.
 */
export function forwardedConsole(
  output: HostConsole,
  url: string,
  functions: FunctionRegistry,
): { readonly output: HostConsole; stop(): Promise<void> } {
  const warnings = new TraceWarnings();
  const forwarder = new LogForwarder({
    url,
    resourceOf: (name) => functionResource(name, functions.find(name)?.configuration.environment),
    warn: output.warn,
    // The receiver answers.
    say: (line) => {
      warnings.outageIsOver();
      output.say(line);
    },
  });
  const functionLog: HostConsole['functionLog'] = (name, line) => {
    if (warnings.isNews(line)) output.functionLog(name, line);
    forwarder.log(name, line);
  };
  return { output: { ...output, functionLog }, stop: () => forwarder.stop() };
}
