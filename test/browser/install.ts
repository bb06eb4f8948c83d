import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../tools/host/user-error.ts';
import { findChromium } from './chromium.ts';

const run = promisify(execFile);
const deadlineMs = 300_000;

/** Installs Debian's Chromium, if this process may. Returns why there is none; undefined if there is one. */
export async function installChromium(): Promise<string | undefined> {
  if (findChromium() !== undefined) return undefined;
  const byHand = 'install Chromium, for example with "apt-get install chromium"';
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return `there is no Chromium: ${byHand}.`;
  try {
    const options = { timeout: deadlineMs, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    await run('apt-get', ['update'], options);
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], options);
    return undefined;
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    return `Chromium cannot be installed (${reason}): ${byHand}.`;
  }
}
