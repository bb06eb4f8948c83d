import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../host/user-error.ts';
import { type ContextName, contextNames, contexts } from './contexts.ts';
import { seedBound } from './random.ts';

export interface TrafficOptions {
  readonly url: URL;
  readonly events: number;
  readonly concurrency: number;
  /** Number of aggregates, by context. */
  readonly sizes: Readonly<Record<ContextName, number>>;
  readonly seed: number;
  readonly mix: readonly ContextName[];
  readonly patienceSeconds: number;
}

const sizeOptions = Object.values(contexts).map(({ sizeOption }) => sizeOption);
const sizeLines = Object.values(contexts).map(({ sizeOption, eventsEach, defaultMin }) => {
  const line = `  --${`${sizeOption} N`.padEnd(15)} ${sizeOption} to use (one for ${eventsEach} events,`;
  return `${line} at least ${defaultMin})\n`;
});

export const usage = `Usage: npm run traffic -- [options]

Drives the running system over HTTP, waits for its read models and compares them with what was acknowledged.

  --events N        stop when at least this many events are committed (10000)
  --concurrency N   requests at the same time, 1 to 256 (32)
  --url URL         the system's HTTP endpoint (http://localhost:3000)
  --seed N          plan the same traffic again (default: a random seed, which is printed)
${sizeLines.join('')}  --mix NAMES       contexts to drive: ${contextNames.join(', ')}, or several with commas (ledger)
  --patient S       seconds to wait for a server that goes away during the run (0: give up at once)
  --help            print this

STREAMFOLD_TOKEN in the environment is sent as the caller's token: export STREAMFOLD_TOKEN=$(npm run -s token -- --subject traffic)

Exits with 0 if everything agrees, 1 on any difference or unexpected answer, 130 on Ctrl-C.`;

/** With more aggregates, a comparison would take too long. */
const sizeMax = 100_000;

/** Reads the command line; `help` if that is asked for. Throws a {@link UserError} that names the mistake. */
export function parseOptions(args: readonly string[]): TrafficOptions | 'help' {
  const values = parsed(args);
  if (values['help']) return 'help';
  const text = (name: string, standard: string) => String(values[name] ?? standard);
  const number = (name: string, standard: number, min: number, max: number) =>
    wholeNumber(name, text(name, String(standard)), min, max);
  const events = number('events', 10_000, 1, 10_000_000);
  const size = (name: ContextName): [ContextName, number] => {
    const { sizeOption, sizeMin, eventsEach, defaultMin } = contexts[name];
    const standard = Math.min(sizeMax, Math.max(defaultMin, Math.ceil(events / eventsEach)));
    return [name, number(sizeOption, standard, sizeMin, sizeMax)];
  };
  return {
    url: urlOf(text('url', 'http://localhost:3000')),
    events,
    concurrency: number('concurrency', 32, 1, 256),
    sizes: Object.fromEntries(contextNames.map(size)) as Record<ContextName, number>,
    seed: number('seed', randomInt(seedBound), 0, seedBound - 1),
    mix: mixOf(text('mix', 'ledger')),
    patienceSeconds: number('patient', 0, 0, 3_600),
  };
}

function parsed(args: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const names = ['events', 'concurrency', 'url', 'seed', 'mix', 'patient', ...sizeOptions];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } }, strict: true })
      .values;
  } catch (error) {
    const [sentence = ''] = messageOf(error).split(/\.? To specify|\n/, 1);
    throw new UserError(`${sentence}. See --help.`);
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UserError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url;
  throw new UserError(`--url must be like http://localhost:3000, not "${text}".`);
}

function mixOf(text: string): ContextName[] {
  return [...new Set(text.split(','))].map((given) => {
    const name = contextNames.find((one) => one === given.trim());
    if (name) return name;
    throw new UserError(`--mix must be one or more of ${contextNames.join(', ')}, not "${given}".`);
  });
}
