/** What V8's debugger reports of a script. */
export interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

/** A place in a script. Lines and columns begin at 0. */
export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly url: string;
  readonly location: Location;
}

export interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly hitBreakpoints?: readonly string[];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const deadlineMs = 60_000;

/** Speaks the Chrome DevTools Protocol, as a debugger does, with a process whose inspector is open. */
export class DebuggerClient {
  /** The scripts that the process has loaded, by their id. */
  readonly scripts = new Map<string, ParsedScript>();
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #pauses: Paused[] = [];
  #onPause: ((paused: Paused) => void) | undefined;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#answers.values()) reject(new Error('The process has ended.'));
    });
  }

  /** Attaches to the process behind a port of 127.0.0.1. It does not stop. */
  static async attach(port: number): Promise<DebuggerClient> {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
    if (target === undefined) throw new Error(`Nothing to debug at port ${port}.`);
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`No debugger at port ${port}.`)), {
        once: true,
      });
    });
    const client = new DebuggerClient(socket);
    await client.call('Runtime.enable');
    await client.call('Debugger.enable');
    return client;
  }

  /** Throws when the process refuses the call or ends. */
  call<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return within(answer.promise, method) as Promise<Result>;
  }

  /** The next stop of the process. */
  paused(): Promise<Paused> {
    const earlier = this.#pauses.shift();
    if (earlier !== undefined) return Promise.resolve(earlier);
    const next = new Promise<Paused>((resolve) => {
      this.#onPause = resolve;
    });
    return within(next, 'a stop');
  }

  detach(): void {
    this.#socket.close();
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const answer = this.#answers.get(id);
      this.#answers.delete(id);
      if (error === undefined) answer?.resolve(result);
      else answer?.reject(new Error(error.message));
    } else if (method === 'Debugger.scriptParsed') {
      const script = params as ParsedScript;
      this.scripts.set(script.scriptId, script);
    } else if (method === 'Debugger.paused') {
      const onPause = this.#onPause ?? ((paused: Paused) => this.#pauses.push(paused));
      this.#onPause = undefined;
      onPause(params as Paused);
    }
  }
}

async function within<Result>(result: Promise<Result>, what: string): Promise<Result> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new Error(`The debugger waited ${deadlineMs / 1_000} s for ${what}.`)),
    deadlineMs,
  );
  try {
    return await Promise.race([result, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
