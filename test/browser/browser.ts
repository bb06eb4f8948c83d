import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { DevTools } from './dev-tools.ts';

const startDeadlineMs = 60_000;

/** A tab. */
export interface Tab {
  /** Opens an address as a person does who types it, and waits until the page is loaded. */
  open(url: string): Promise<void>;
  /** The result of an expression in the page; of a promise, what it resolves with. Throws what the page throws. */
  evaluate<Result>(expression: string): Promise<Result>;
}

/** A running Chromium without a window. */
export interface Browser {
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

/**
 * Starts Chromium with a profile of its own.
 * @param hosts the addresses of invented host names, such as `{ 'evil.example': '127.0.0.1' }`
 */
export async function startBrowser(
  program: string,
  hosts: Readonly<Record<string, string>>,
): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'streamfold-browser-'));
  const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`);
  const child = spawn(
    program,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--host-resolver-rules=${rules.join(', ')}`,
      // What is tested is the host, not what Chromium itself keeps from pages.
      '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
      ...['--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking'],
      // Its sandbox does not work for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'close');
  const close = async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const devTools = await DevTools.connect(await debuggerUrlOf(child));
    return { newTab: () => newTab(devTools), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function debuggerUrlOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output = `${output}${chunk}`.slice(-20_000);
  });
  const urlIn = () => /DevTools listening on (ws:\S+)/.exec(output)?.[1];
  const url = await until(
    () => ({ url: urlIn(), output }),
    (it) => it.url !== undefined,
    startDeadlineMs,
  );
  return url.url ?? '';
}

async function newTab(devTools: DevTools): Promise<Tab> {
  const { targetId } = await devTools.call<{ targetId: string }>('Target.createTarget', {
    url: 'about:blank',
  });
  const attach = { targetId, flatten: true };
  const { sessionId } = await devTools.call<{ sessionId: string }>('Target.attachToTarget', attach);
  const evaluate = async <Result>(expression: string): Promise<Result> => {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await devTools.call<Evaluated>(
      'Runtime.evaluate',
      options,
      sessionId,
    );
    if (exceptionDetails === undefined) return result.value as Result;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  };
  const open = async (url: string) => {
    const { errorText } = await devTools.call<{ errorText?: string }>('Page.navigate', { url }, sessionId);
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await until(
      () => evaluate('document.readyState').catch(String),
      (state) => state === 'complete',
    );
  };
  return { open, evaluate };
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}
