import cliProgress from 'cli-progress';

/** Shows the part of the work that is done, 0 to 1, and a note. Undefined: nobody knows how much work there is. */
export type ShowProgress = (fraction: number | undefined, note: string) => void;

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
  const known = `${title} {bar} {percentage} % {note}`;
  const unknown = `${title} {note}`;
  const bar = new cliProgress.SingleBar(
    {
      ...{ hideCursor: true, barsize: 30, fps: 5, gracefulExit: false, clearOnComplete: true },
      format: (options, params, payload) => {
        const format = payload.isKnown ? known : unknown;
        return cliProgress.Format.Formatter({ ...options, format }, params, payload);
      },
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(steps, 0, { note: '', isKnown: false });
  try {
    return await work((fraction, note) =>
      bar.update(Math.round((fraction ?? 0) * steps), { note, isKnown: fraction !== undefined }),
    );
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
    process.stderr.write(`${progressLine(title, fraction, note)}\n`);
  });
}

/** How far the work is, as a line of a log. No percentage if nobody knows it. */
export function progressLine(title: string, fraction: number | undefined, note: string): string {
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)} % `;
  return `${title} ${percent}${note}`;
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
