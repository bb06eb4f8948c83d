/** A stack that was found in a text. */
export interface FoundStack {
  /** As V8 writes it. */
  readonly stack: string;
  /** The id of the bundle, if the text says it. */
  readonly bundle?: string | undefined;
}

/** What a text contains. */
export interface FoundStacks {
  readonly stacks: readonly FoundStack[];
  /** There are frames of X-Ray, which have no columns. */
  readonly hasFramesWithoutColumns: boolean;
}

const bundleId = /^[0-9a-f]{16}$/;
const frameLine = /^\s*at .*:\d+:\d+\)?$/m;

/**
 * Finds stacks in whatever Lambda writes: a stack, log lines in JSON or with JSON in them (of Powertools, of the runtime:
 * `Runtime.UnhandledPromiseRejection`), the answer to an invocation (`trace`), or a list of log events with such lines in it.
 */
export function findStacks(text: string): FoundStacks {
  const search = new Search();
  search.inText(text, undefined);
  return search;
}

class Search implements FoundStacks {
  readonly stacks: FoundStack[] = [];
  hasFramesWithoutColumns = false;

  /** `bundle`: that of what the text is a part of. */
  inText(text: string, bundle: string | undefined): void {
    const whole = parsed(text);
    if (whole !== undefined) {
      this.#inValue(whole, bundle);
      return;
    }
    const plain: string[] = [];
    for (const line of text.split('\n')) {
      const [json] = /\{.*\}/.exec(line) ?? [];
      const object = json === undefined ? undefined : parsed(json);
      if (object === undefined) plain.push(line);
      else this.#inValue(object, bundle);
    }
    this.#addIfStack(plain.join('\n').trim(), bundle);
  }

  #inValue(value: unknown, bundle: string | undefined): void {
    if (typeof value === 'string') this.inText(value, bundle);
    else if (Array.isArray(value) && value.every((line) => typeof line === 'string')) {
      this.#addIfStack(value.join('\n'), bundle);
    } else if (typeof value === 'object' && value !== null) this.#inObject(value, bundle);
  }

  #inObject(object: object, bundle: string | undefined): void {
    const { bundle: own, path, line, column } = object as Record<string, unknown>;
    this.hasFramesWithoutColumns ||=
      typeof path === 'string' && typeof line === 'number' && column === undefined;
    const known = typeof own === 'string' && bundleId.test(own) ? own : bundle;
    for (const each of Object.values(object)) this.#inValue(each, known);
  }

  #addIfStack(stack: string, bundle: string | undefined): void {
    if (!frameLine.test(stack) || this.stacks.some((found) => found.stack === stack)) return;
    this.stacks.push({ stack, bundle });
  }
}

/** Undefined for a text that is no JSON object or list. */
function parsed(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
