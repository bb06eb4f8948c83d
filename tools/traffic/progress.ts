import { Presets, SingleBar } from 'cli-progress';

/** Shows the bar of one phase of the run on stderr while `work` runs; `show` moves it. */
export async function withProgress<Result>(
  title: string,
  unit: string,
  work: (show: (value: number, total: number, note?: string) => void) => Promise<Result>,
): Promise<Result> {
  const format = `${title.padEnd(12)} {bar} {value}/{total} ${unit} {note}`;
  // The run handles signals itself and stops its bar. A log gets a line every five seconds.
  const output = { fps: 5, noTTYOutput: true, notTTYSchedule: 5_000, gracefulExit: false };
  const bar = new SingleBar({ format, hideCursor: true, barsize: 30, ...output }, Presets.shades_classic);
  bar.start(1, 0, { note: '' });
  try {
    return await work((value, total, note = '') => {
      if (bar.getTotal() !== total) bar.setTotal(total);
      bar.update(Math.min(value, total), { note });
    });
  } finally {
    bar.stop();
  }
}
