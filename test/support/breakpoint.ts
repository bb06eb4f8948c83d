import { DebuggerClient, type Paused } from './debugger-client.ts';
import { MappedScript, type SourcePlace } from './mapped-script.ts';

/** A stop at a breakpoint: the functions that were called, the innermost first, with their places in sources. */
export interface Stop {
  readonly frames: readonly { readonly functionName: string; readonly place: SourcePlace | undefined }[];
  /** The value of an expression in the innermost function, as JSON. */
  evaluate(expression: string): Promise<unknown>;
  resume(): Promise<void>;
}

/** A breakpoint in a line of a source, of a process whose inspector is open. */
export interface Breakpoint {
  /** The script that has the line. */
  readonly script: MappedScript;
  /** The next stop at it. */
  stopped(): Promise<Stop>;
  detach(): void;
}

/** Attaches to the process and sets the breakpoint. Throws when no script with a map has code from the line. */
export async function breakAt(place: SourcePlace, port: number): Promise<Breakpoint> {
  const client = await DebuggerClient.attach(port);
  const scripts = new Map(
    [...client.scripts.values()].flatMap((script) => {
      const mapped = MappedScript.of(script);
      return mapped === undefined ? [] : [[script.scriptId, mapped] as const];
    }),
  );
  const script = [...scripts.values()].find(({ sources }) => sources.includes(place.file));
  const generated = script?.generatedFrom(place);
  if (script === undefined || generated === undefined) {
    client.detach();
    throw new Error(`No code at ${place.file}:${place.line}.`);
  }
  await client.call('Debugger.setBreakpointByUrl', { url: script.script.url, ...generated });
  return {
    script,
    stopped: async () => stopOf(await client.paused(), client, scripts),
    detach: () => client.detach(),
  };
}

function stopOf({ callFrames }: Paused, client: DebuggerClient, scripts: Map<string, MappedScript>): Stop {
  return {
    frames: callFrames.map(({ functionName, location }) => ({
      functionName,
      place: scripts.get(location.scriptId)?.originalOf(location),
    })),
    evaluate: async (expression) => {
      const { result } = await client.call<{ result: { value: unknown } }>('Debugger.evaluateOnCallFrame', {
        callFrameId: callFrames[0]?.callFrameId,
        expression,
        returnByValue: true,
      });
      return result.value;
    },
    resume: () => client.call('Debugger.resume'),
  };
}
