import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallInterceptor } from '../../tools/host/call-interceptor.ts';
import { readBody } from '../../tools/host/endpoints/body.ts';
import { passOn } from '../../tools/host/endpoints/proxy.ts';
import type { Listener } from '../../tools/host/endpoints/server.ts';
import { accessKeyId, engineOf, signedService } from '../../tools/host/endpoints/target.ts';
import type { EngineUrls } from '../../tools/host/lambda/environment.ts';
import type { Needs } from './aws-call.ts';
import { deny, refuse } from './denial.ts';
import { needsOf, UnknownCallError } from './needs.ts';
import { covers, type Grant, grantsIn, type Permission } from './policy.ts';
import { deletesObjects } from './s3-call-needs.ts';

/** A call that a function made, or that another program made with a link that the function signed. */
export interface FunctionCall {
  readonly functionName: string;
  /** For example `dynamodb:TransactWriteItems`. */
  readonly operation: string;
  /** What IAM checks for it. */
  readonly permissions: readonly Permission[];
  /** Why it was refused: a sentence with the function, the action and the resource. */
  readonly refusal?: string;
}

/** Enforces the policies of the roles of a host's functions. */
export interface PermissionGate {
  /** For `startHost`. */
  readonly interceptCalls: CallInterceptor;
  /** Every call so far, in the order of the answers. */
  readonly calls: readonly FunctionCall[];
  /** What each function may do by its role, by the function's name; empty until the host has started. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
}

/** A gate for one host. The host does not start with a policy that {@link grantsIn} does not support. */
export function permissionGate(): PermissionGate {
  const calls: FunctionCall[] = [];
  const grants = new Map<string, readonly Grant[]>();
  const interceptCalls: CallInterceptor = ({ urls, policies }) => {
    for (const [functionName, documents] of policies) grants.set(functionName, documents.flatMap(grantsIn));
    return gateListener({ urls, grants, onCall: (call) => calls.push(call) });
  };
  return { interceptCalls, calls, grants };
}

interface GateOptions {
  readonly urls: EngineUrls;
  /** By the function's name, which is also its access key id. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
  /** Called with each call when it is answered. */
  readonly onCall: (call: FunctionCall) => void;
}

/** The largest request of the JSON protocols: 500 records, 10 MiB in all (PutRecords), and their encoding. */
const bodyLimitBytes = 16 * 1024 * 1024;

/**
 * Does what IAM does on AWS, between the functions and the engines. The access key of the signature identifies the
 * function. A call that its role does not allow is denied.
 */
function gateListener(options: GateOptions): Listener {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const functionName = accessKeyId(request.headers, url.searchParams) ?? '';
    const service = signedService(request.headers, url.searchParams) ?? '';
    const grants = options.grants.get(functionName);
    const engine = engineOf(request.headers, url.searchParams);
    if (grants === undefined || engine === undefined) {
      const operation = `${request.method} ${url.pathname}`;
      const refusal =
        grants === undefined
          ? `No function has the access key id "${functionName}" that signed ${operation}.`
          : `${functionName} called ${service} (${operation}), which the local host does not support.`;
      options.onCall({ functionName, operation, permissions: [], refusal });
      return refuse(request, response, refusal);
    }
    const call: Call = { request, response, url, functionName, service, grants };
    await handle(call, options.urls[engine], options.onCall);
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly functionName: string;
  readonly service: string;
  readonly grants: readonly Grant[];
}

async function handle(call: Call, engineUrl: string, onCall: GateOptions['onCall']): Promise<void> {
  const { request, response, functionName, service } = call;
  // Documents are streamed; other calls must be read to find what they need.
  const isDocument = service === 's3' && !deletesObjects(call.url);
  const body = isDocument ? undefined : await readBody(request, bodyLimitBytes);
  const needs = needsOrRefusal(call, body ?? Buffer.alloc(0));
  if (typeof needs === 'string') {
    onCall({ functionName, operation: 'unknown', permissions: [], refusal: needs });
    return refuse(request, response, needs);
  }
  /** Reports the call, and answers it when something is denied. Returns whether it was. */
  const settle = (permissions: readonly Permission[], denied: Permission | undefined): boolean => {
    const refusal = denied && refusalOf(functionName, denied);
    const { operation } = needs;
    onCall({ functionName, operation, permissions, ...(refusal !== undefined && { refusal }) });
    if (refusal !== undefined) deny(request, response, service, refusal);
    return refusal !== undefined;
  };
  const denied = firstDenied(call, needs.permissions);
  if (denied !== undefined) {
    settle(needs.permissions, denied);
    return;
  }
  // Some engines have a database per access key: without a signature, the host signs with its own key.
  delete request.headers.authorization;
  await passOn(request, response, engineUrl, service, {
    ...(body && { body }),
    takeOver: (statusCode) => {
      const missing = statusCode === 404 ? needs.ifMissing : undefined;
      if (missing === undefined) return settle(needs.permissions, undefined);
      return settle([...needs.permissions, missing], firstDenied(call, [missing]));
    },
  });
}

function needsOrRefusal({ request, url, service, functionName }: Call, body: Buffer): Needs | string {
  try {
    return needsOf({ service, method: request.method ?? '', url, headers: request.headers, body });
  } catch (error) {
    if (error instanceof UnknownCallError) return `${functionName}: ${error.message}`;
    throw error;
  }
}

function firstDenied({ grants }: Call, permissions: readonly Permission[]): Permission | undefined {
  return permissions.find((permission) => !grants.some((grant) => covers(grant, permission)));
}

/** The message of AWS for a denied call. */
function refusalOf(functionName: string, { action, resource }: Permission): string {
  return (
    `User: ${functionName} is not authorized to perform: ${action} on resource: ${resource} ` +
    `because no identity-based policy allows the ${action} action`
  );
}
