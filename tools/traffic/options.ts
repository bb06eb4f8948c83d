import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../host/user-error.ts';
import { accountsMin } from './ledger-plan.ts';
import { seedBound } from './random.ts';

/** What can be in `--mix`. */
export const workloadNames = ['ledger', 'metrics'] as const;
export type WorkloadName = (typeof workloadNames)[number];

export interface TrafficOptions {
  readonly url: URL;
  readonly events: number;
  readonly concurrency: number;
  readonly accounts: number;
  readonly metrics: number;
  readonly seed: number;
  readonly mix: readonly WorkloadName[];
  readonly patienceSeconds: number;
}

export const usage = `Usage: npm run traffic -- [options]

Drives the running system over HTTP, waits for its read models and compares them with books of its own.

  --events N        go on until at least so many events are committed (10000)
  --concurrency N   requests under way at the same time, 1 to 256 (32)
  --url URL         the system's HTTP endpoint (http://localhost:3000)
  --seed N          plan the same traffic again (a random one, printed)
  --accounts N      accounts to spread it over (a twentieth of the events, at least 50)
  --metrics N       metrics to spread it over (a fortieth of the events, at least 20)
  --mix NAMES       contexts to drive: ${workloadNames.join(', ')}, or several with commas (ledger)
  --patient S       seconds to wait for a server that goes away in between (0: give up at once)
  --help            print this

Ends with 0 where everything agrees, 1 on any difference or unexpected answer, 130 on Ctrl-C.`;

const known = {
  events: { type: 'string', default: '10000' },
  concurrency: { type: 'string', default: '32' },
  url: { type: 'string', default: 'http://localhost:3000' },
  seed: { type: 'string' },
  accounts: { type: 'string' },
  metrics: { type: 'string' },
  mix: { type: 'string', default: 'ledger' },
  patient: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const;

/** More accounts, or metrics, than these would take a comparison too long. */
const aggregatesMax = 100_000;

/** Reads the command line; `help` where that is asked for. Throws a {@link UserError} that names the mistake. */
export function parseOptions(args: readonly string[]): TrafficOptions | 'help' {
  const values = parsed(args);
  if (values.help) return 'help';
  const events = wholeNumber('events', values.events, 1, 10_000_000);
  const share = (eventsEach: number, min: number) =>
    String(Math.min(aggregatesMax, Math.max(min, Math.ceil(events / eventsEach))));
  return {
    url: urlOf(values.url),
    events,
    concurrency: wholeNumber('concurrency', values.concurrency, 1, 256),
    accounts: wholeNumber('accounts', values.accounts ?? share(20, 50), accountsMin, aggregatesMax),
    metrics: wholeNumber('metrics', values.metrics ?? share(40, 20), 1, aggregatesMax),
    seed:
      values.seed === undefined ? randomInt(seedBound) : wholeNumber('seed', values.seed, 0, seedBound - 1),
    mix: mixOf(values.mix),
    patienceSeconds: wholeNumber('patient', values.patient, 0, 3_600),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values;
  } catch (error) {
    const [sentence = ''] = messageOf(error).split(/\.? To specify|\n/, 1);
    throw new UserError(`${sentence}. See --help.`);
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UserError(`--${name} has to be a whole number from ${min} to ${max}, not "${text}".`);
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url;
  throw new UserError(`--url has to be like http://localhost:3000, not "${text}".`);
}

function mixOf(text: string): WorkloadName[] {
  return [...new Set(text.split(','))].map((given) => {
    const name = workloadNames.find((one) => one === given.trim());
    if (name) return name;
    throw new UserError(`--mix knows ${workloadNames.join(', ')}, not "${given}".`);
  });
}
