import type { PersonCommand } from '../history.ts';
import { questionWords } from '../people/lists.ts';
import type { Act, Plan, PlanOptions } from '../plan.ts';
import type { Deployment } from '../world/deployment.ts';
import type { Fault } from '../world/faults.ts';
import { secondsText } from '../world/trace.ts';

/** What people do and what goes wrong in a plan, in the order of time, a line each. */
export function planText({ acts, faults }: Plan): readonly string[] {
  const ofActs = acts.map((act) => ({ atMs: act.atMs, text: actText(act, acts) }));
  const ofFaults = faults.map((fault) => ({ atMs: fault.fromMs, text: `fault: ${faultText(fault)}` }));
  return [...ofFaults, ...ofActs]
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, text }) => `${secondsText(atMs)}  ${text}`);
}

/** The settings of a plan in words. */
export function optionsText(options: PlanOptions): string {
  const { snapshotThreshold, apiInstances, pageBytes, shards, longStreamEvents } = options;
  const { projectorsPerShard: perShard, eventFilters } = options;
  return [
    `snapshots every ${snapshotThreshold} events`,
    `${apiInstances} ${apiInstances === 1 ? 'instance' : 'instances'} of the API`,
    `pages of ${pageBytes} bytes`,
    `${shards} ${shards === 1 ? 'shard' : 'shards'}`,
    perShard === 1 ? 'one batch of a shard at a time' : `${perShard} batches of a shard at a time`,
    eventFilters ? 'projectors get their own commits' : 'projectors get all commits',
    longStreamEvents === 0 ? 'no long stream' : `a stream that begins with ${longStreamEvents} events`,
  ].join(', ');
}

/** An act in words. `acts`: those of the plan, for an act that refers to another one. */
export function actText(act: Act, acts: readonly Act[]): string {
  switch (act.kind) {
    case 'command':
      return `${act.who} asks: ${commandText(act.command)}${circumstances(act, acts)}`;
    case 'again':
      return `${act.who} sends again: ${textOf(acts, act.act)}`;
    case 'read':
      return `${act.who} reads ${act.context}/${act.id}${act.isFresh ? ', with all that is committed' : ''}`;
    case 'person':
      return `${act.who} asks for "${act.asks}" of the person with ${act.identifier}`;
    case 'ask-past':
      return `${act.who} asks about all accounts ${seconds(act.agoMs)} ago, and again ${seconds(act.laterMs)} later`;
    case 'rebuild':
      return `the operator rebuilds ${act.readModel} in ${act.parts} parts${act.then === 'nothing' ? '' : `, then: ${act.then}`}`;
    case 'list':
      return `${act.who} lists ${questionWords(act)}, ${act.limit} in a page`;
    case 'interfere':
      return `another operator asks for "${act.action}" of ${act.readModel}`;
    case 'repair':
      return `another operator repairs ${act.readModel}/${act.id}`;
    case 'sweep':
      return act.runs === 1 ? 'the sweep runs' : `${act.runs} sweeps run at the same time`;
    case 'redrive':
      return 'the operator redrives what is parked';
    case 'catch-up':
      return 'the operator runs the catch-up';
    case 'damage-and-repair':
      return `somebody damages the row ${act.readModel}/${act.id} by hand; the operator repairs it`;
    default:
      return act satisfies never;
  }
}

function circumstances(act: Extract<Act, { kind: 'command' }>, acts: readonly Act[]): string {
  const { key, attempts, patienceMs, expectedVersion, misusesKeyOf } = act;
  const parts = [
    ...(key === undefined ? [] : [`key ${key}`]),
    ...(misusesKeyOf === undefined ? [] : [`which is the key of: ${textOf(acts, misusesKeyOf)}`]),
    ...(expectedVersion === undefined ? [] : [`at version ${expectedVersion}`]),
    ...(attempts > 1 ? [`up to ${attempts} attempts, each waits ${seconds(patienceMs)}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function textOf(acts: readonly Act[], index: number): string {
  const other = acts[index];
  return other?.kind === 'command' ? `${commandText(other.command)} of ${other.who}` : 'nothing';
}

/** A command in words: its name, its stream, and its values. */
export function commandText(command: PersonCommand): string {
  const { context, do: name, id, ...values } = command;
  const details = Object.entries(values).map(([field, value]) => `${field} ${valueText(value)}`);
  return [`${name} ${context}/${id}`, ...details].join(', ');
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** A fault in words. */
export function faultText(fault: Fault): string {
  const span = 'forMs' in fault ? `, for ${seconds(fault.forMs)}` : '';
  switch (fault.kind) {
    case 'request-lost':
    case 'response-lost':
    case 'throttled':
    case 'slow':
    case 'partial-batch':
      return `${callFaultTexts[fault.kind]} (${percent(fault.chance)} of the ${fault.writesOnly ? 'writes' : 'calls'} of ${fault.service}${fault.only === undefined ? '' : ` about ${fault.only}`})${span}`;
    case 'stale-reads':
      return `reads that are not strongly consistent see what was there up to ${seconds(fault.upToMs)} ago${span}`;
    case 'killed':
      return `an instance of ${fault.function} is killed at its call ${fault.afterCalls + 1}, ${killTexts[fault.moment]}`;
    case 'clock-skew':
      return `new instances of ${fault.function} have a clock that is ${skewText(fault.skewMs)}${span}`;
    case 'paused':
      return `${fault.consumer} is not invoked${span}`;
    case 'delivered-again':
    case 'delivered-late':
      return `${fault.consumer} gets batches ${fault.kind === 'delivered-again' ? 'once more' : 'late'}, by up to ${seconds(fault.lateMs)} (${percent(fault.chance)})${span}`;
    case 'shard-split':
      return `a shard of the ${fault.stream === 'log' ? 'log' : 'event stream'} is split`;
    case 'snapshots-damaged':
    case 'segments-damaged':
      return `${fault.kind === 'snapshots-damaged' ? 'snapshots' : 'segments'} are damaged (${percent(fault.share)})`;
    case 'rolling-deploy':
      return deploymentText(fault, span);
    default:
      return fault satisfies never;
  }
}

function deploymentText({ readersFirst }: Deployment, span: string): string {
  if (!readersFirst) return `instances change to the next version of the code, one after the other${span}`;
  return `instances change to code that reads the new events${span}, and after a quarter of an hour to the next version`;
}

const callFaultTexts = {
  'request-lost': 'requests never arrive',
  'response-lost': 'answers never arrive',
  throttled: 'requests are refused for now',
  slow: 'calls take long',
  'partial-batch': 'batches are carried out in part',
} as const;

const killTexts = { 'before-request': 'before its request', 'under-way': 'while its request is under way' };

function skewText(skewMs: number): string {
  return `${Math.abs(skewMs)} ms ${skewMs < 0 ? 'behind' : 'ahead'}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** In seconds up to two minutes, then in minutes or hours. */
function seconds(ms: number): string {
  if (ms < 120_000) return `${ms / 1_000} s`;
  const minutes = ms / 60_000;
  return minutes < 120 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 6) / 10} h`;
}
