import type { CallInterceptor } from '../../tools/host/call-interceptor.ts';
import { accessKeyId } from '../../tools/host/endpoints/target.ts';
import { permissionGate } from '../permissions/gate.ts';

/** Kills a function after one of its calls to AWS. */
export interface KillingGate {
  /** For `startHost`. Roles are enforced. */
  readonly interceptCalls: CallInterceptor;
  /** Kills the function after its n-th call from now, counted from 1: when the call is carried out, and before the function has the answer. */
  killAfter(call: number): void;
  /** Whether that has happened. */
  readonly hasKilled: () => boolean;
}

/** `kill` ends the instances of the function that run. */
export function killingGate(functionName: string, kill: () => Promise<unknown>): KillingGate {
  let left = Number.POSITIVE_INFINITY;
  const gate = permissionGate();
  const interceptCalls: CallInterceptor = (app) => {
    const answer = gate.interceptCalls(app);
    return async (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const isOfIt = accessKeyId(request.headers, searchParams) === functionName;
      if (isOfIt) left -= 1;
      if (isOfIt && left === 0) {
        response.writeHead = () => {
          void kill();
          return response.destroy();
        };
      }
      await answer(request, response);
    };
  };
  return {
    interceptCalls,
    killAfter: (call) => {
      left = call;
    },
    hasKilled: () => left <= 0,
  };
}
