import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** The machine and the programs of a run. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly engine: string;
  /** Of the last minute, at the start. With as much as one process for each core, figures are too high. */
  readonly loadAtStart: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** Describes this machine now. */
export function describeMachine(engine: string): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
    node: process.version,
    engine,
    loadAtStart: Number((loadavg()[0] ?? 0).toFixed(2)),
    startedAt: new Date().toISOString(),
  };
}

/** One paragraph for the report. */
export function machineText({
  cpu,
  cores,
  memoryGiB,
  system,
  node,
  engine,
  loadAtStart,
  startedAt,
}: Machine): string {
  return (
    `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, ${system}; Node ${node}; ${engine}. ` +
    `Load at the start: ${loadAtStart}. Measured on ${startedAt.slice(0, 10)}.`
  );
}
