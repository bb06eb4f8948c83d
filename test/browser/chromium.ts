import { isExecutable, pathsOf } from '../../tools/host/programs-on-path.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a Chromium of this machine; undefined if there is none. */
export function findChromium(): string | undefined {
  return names.flatMap(pathsOf).find(isExecutable);
}
