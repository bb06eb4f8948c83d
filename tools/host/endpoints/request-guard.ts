import type { ErrorAnswer } from './error-answer.ts';
import { type GuardedRequest, isLoopback, requestTarget } from './request-target.ts';

/** What a request shows of its origin, for {@link GuardPolicy}. */
export interface ForeignRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Whether a browser opens the answer as a page of its own, so that no other page can read it. */
  readonly isLink: boolean;
}

/** What one endpoint lets in from pages of other origins. */
export interface GuardPolicy {
  /** Whether the pages of this origin may call: the stage's CORS names it. */
  readonly allowsOrigin: (origin: string) => boolean;
  /** Whether this request is for everybody: its answer holds no data of a person, or it carries its own grant. */
  readonly isOpen: (request: ForeignRequest) => boolean;
  /** A sentence for the person whose page is refused. */
  readonly adviceFor: (origin: string) => string;
}

/** Nothing from other origins. */
export const closedPolicy: GuardPolicy = {
  allowsOrigin: () => false,
  isOpen: () => false,
  adviceFor: () => 'No page may call this address: see docs/host-security.md.',
};

/** A refused request. `foreigner`: the host or origin that is refused, for a line to the user. */
export interface Refusal extends ErrorAnswer {
  readonly foreigner?: string;
}

/**
 * Refuses what a page of another origin sends, before anything else is done with a request. A page cannot change the headers that
 * this reads: `Host` (a name that DNS rebinding points here is not a loopback name), `Sec-Fetch-*` and `Origin`. Programs such as
 * curl and the SDKs send neither of the last two. Returns undefined for an admitted request; one in absolute-form is in
 * origin-form then (RFC 9112, 3.2.2).
 * https://www.w3.org/TR/fetch-metadata/
 */
export function refusalOf(request: GuardedRequest, policy: GuardPolicy): Refusal | undefined {
  const parsed = requestTarget(request);
  if ('statusCode' in parsed) return parsed;
  const { target, authority } = parsed;
  if (authority !== undefined && !isLoopback(authority)) return foreignHost(authority);
  const page = foreignPageOf(request, authority, target, policy);
  if (page !== undefined) return foreignOrigin(page, policy);
  request.url = target;
  if (authority !== undefined) {
    request.headers.host = authority;
    request.headersDistinct['host'] = [authority];
  }
  return undefined;
}

/** The page that sends a request which is not let in; undefined for one that is. */
function foreignPageOf(
  request: GuardedRequest,
  authority: string | undefined,
  target: string,
  policy: GuardPolicy,
): ForeignPage | undefined {
  const headerValue = (name: string) => request.headersDistinct[name]?.join(', ');
  const [site, origin] = [headerValue('sec-fetch-site'), headerValue('origin')];
  if (site === 'same-origin' || site === 'none') return undefined;
  if (site === undefined && (origin === undefined || origin === originOf(authority))) return undefined;
  if (origin !== undefined && policy.allowsOrigin(origin)) return undefined;
  const method = request.method ?? 'GET';
  const isNavigation = headerValue('sec-fetch-mode') === 'navigate';
  const isLink = method === 'GET' && isNavigation && headerValue('sec-fetch-dest') === 'document';
  return policy.isOpen({ method, target, isLink }) ? undefined : { origin, isNavigation };
}

interface ForeignPage {
  /** Undefined: the browser does not say. "null": the page has none, for example because it is in a sandbox. */
  readonly origin: string | undefined;
  readonly isNavigation: boolean;
}

/** The origin of pages that this endpoint serves. Browsers leave out the port 80. */
function originOf(authority: string | undefined): string {
  return `http://${authority?.toLowerCase().replace(/:(?:80)?$/, '')}`;
}

function foreignHost(authority: string): Refusal {
  return {
    statusCode: 421,
    code: 'foreign-host',
    title: 'Not a name of this machine',
    detail:
      `The request names the host "${authority}". This host answers only to localhost, names that end in .localhost, ` +
      '127.0.0.0/8 and [::1], so that no web page can reach it by another name. Use http://localhost with the same port.',
    foreigner: authority,
  };
}

function foreignOrigin({ origin, isNavigation }: ForeignPage, { adviceFor }: GuardPolicy): Refusal {
  const page = origin === undefined || origin === 'null' ? 'another site' : origin;
  const advice = isNavigation ? 'To open the address yourself, type it into the browser.' : adviceFor(page);
  return {
    statusCode: 403,
    code: 'foreign-origin',
    title: 'Request of another web page',
    detail: `A page of ${page} sent this request, and may not. ${advice}`,
    foreigner: page,
  };
}
