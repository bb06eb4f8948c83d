import { invalid } from '../service-errors.ts';

const pattern = /\s*(?:([#:]?[A-Za-z_][A-Za-z0-9_]*|[#:][0-9][A-Za-z0-9_]*)|(<>|<=|>=|[=<>(),+\-.[\]]|\d+))/y;

/** The tokens of an expression, read from the left. */
export class Tokens {
  readonly text: string;
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = split(text);
  }

  /** The next token. Undefined at the end. */
  get next(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(): string {
    const token = this.next;
    if (token === undefined) throw invalid(`Invalid expression: Syntax error at the end of "${this.text}"`);
    this.#next += 1;
    return token;
  }

  /** Takes the next token if it is this word or sign. Words have no case. */
  takeIf(token: string): boolean {
    if (this.next?.toUpperCase() !== token) return false;
    this.#next += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.takeIf(token)) throw this.unexpected();
  }

  expectEnd(): void {
    if (this.next !== undefined) throw this.unexpected();
  }

  unexpected(): Error {
    return invalid(`Invalid expression: Syntax error; token: "${this.next ?? '<EOF>'}", in "${this.text}"`);
  }
}

function split(text: string): string[] {
  const trimmed = text.trimEnd();
  if (trimmed === '') throw invalid('Invalid expression: The expression can not be empty;');
  const tokens: string[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < trimmed.length) {
    const at = pattern.lastIndex;
    const [, word, sign] = pattern.exec(trimmed) ?? [];
    const token = word ?? sign;
    if (token === undefined) throw invalid(`Invalid expression: Syntax error near "${trimmed.slice(at)}"`);
    tokens.push(token);
  }
  return tokens;
}
