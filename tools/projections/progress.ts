import { Presets, SingleBar } from 'cli-progress';

/** Shows the part of the work that is done, 0 to 1, and a note. */
export type ShowProgress = (fraction: number, note: string) => void;

/** A log gets a line this often, in ms. */
const logIntervalMs = 10_000;
const steps = 1_000;

/** Shows a bar on a terminal, and lines in a log, on stderr while `work` runs. */
export async function withProgress<Result>(
  title: string,
  work: (show: ShowProgress) => Promise<Result>,
): Promise<Result> {
  return process.stderr.isTTY ? withBar(title, work) : withLines(title, work);
}

async function withBar<Result>(
  title: string,
  work: (show: ShowProgress) => Promise<Result>,
): Promise<Result> {
  const format = `${title} {bar} {percentage} % {note}`;
  const bar = new SingleBar(
    { format, hideCursor: true, barsize: 30, fps: 5, gracefulExit: false, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(steps, 0, { note: '' });
  try {
    return await work((fraction, note) => bar.update(Math.round(fraction * steps), { note }));
  } finally {
    bar.stop();
  }
}

async function withLines<Result>(
  title: string,
  work: (show: ShowProgress) => Promise<Result>,
): Promise<Result> {
  let shownAt = Date.now();
  return work((fraction, note) => {
    const now = Date.now();
    if (now - shownAt < logIntervalMs) return;
    shownAt = now;
    process.stderr.write(`${title} ${Math.floor(fraction * 100)} % ${note}\n`);
  });
}

/**
 * Adds the time that is left to a note, as the work since the first progress shows it: what an earlier run has done says
 * nothing about the speed of this one.
 */
export function withEstimate(nowMs: () => number): (fraction: number, note: string) => string {
  let first: { readonly fraction: number; readonly atMs: number } | undefined;
  return (fraction, note) => {
    first ??= { fraction, atMs: nowMs() };
    const done = fraction - first.fraction;
    if (done <= 0 || fraction >= 1) return note;
    const leftMs = ((nowMs() - first.atMs) / done) * (1 - fraction);
    return `${note}, about ${duration(leftMs)} left`;
  };
}

/** A duration in words: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}
