import type { Listener } from './endpoints/server.ts';
import type { EngineUrls } from './lambda/environment.ts';

/** What an interceptor may know of the app. */
export interface InterceptedApp {
  /** Where the engines answer. */
  readonly urls: EngineUrls;
  /** The policy documents of each function's role, with their references resolved, by the function's name. */
  readonly policies: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * The host's extension point: answers the calls that functions make to AWS, in place of the engines. Called once, when all
 * resources exist and before a function runs. Each function signs its calls with its own name as the access key id.
 */
export type CallInterceptor = (app: InterceptedApp) => Listener;
