import type { ErrorAnswer } from './error-answer.ts';
import {
  type GuardedRequest,
  isLoopback,
  type RequestTarget,
  requestTarget,
  subNameOf,
} from './request-target.ts';

/** What a request shows of its origin, for {@link GuardPolicy}. */
export interface ForeignRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Whether a browser opens the answer as a page of its own, so that no other page can read it. */
  readonly isLink: boolean;
  /** What the host's name has before `.localhost`: S3's SDKs write a bucket there. */
  readonly subName?: string | undefined;
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
 * this reads: `Host` (a name that DNS rebinding points here is not a loopback name), `Sec-*` and `Origin`. Programs such as
 * curl and the SDKs send neither of the last two. Returns undefined for an admitted request; one in absolute-form is in
 * origin-form then (RFC 9112, 3.2.2).
 * https://www.w3.org/TR/fetch-metadata/
 */
export function refusalOf(request: GuardedRequest, policy: GuardPolicy): Refusal | undefined {
  const parsed = requestTarget(request);
  if ('statusCode' in parsed) return parsed;
  const { target, authority } = parsed;
  if (authority !== undefined && !isLoopback(authority)) return foreignHost(authority, ownNames);
  const sender = senderOf(request);
  const isOpen = policy.isOpen(foreignRequest(request, parsed, sender));
  const isOfBrowser = sender.site !== undefined || sender.origin !== undefined;
  if (authority !== undefined && subNameOf(authority) !== undefined && isOfBrowser && !isOpen) {
    return foreignHost(
      authority,
      'To a browser, this host answers only as localhost, 127.0.0.0/8 and [::1].',
    );
  }
  const isLetIn = isOwn(sender, authority) || isAdmitted(sender, authority, isOpen, policy);
  if (!isLetIn) return foreignOrigin(sender, policy);
  request.url = target;
  if (authority !== undefined) {
    request.headers.host = authority;
    request.headersDistinct['host'] = [authority];
  }
  return undefined;
}

/** What a browser says of who sends a request. A program says nothing. */
interface Sender {
  readonly site: string | undefined;
  /** "null": the page has none, for example because it is in a sandbox. */
  readonly origin: string | undefined;
  readonly hasReferer: boolean;
  /** The browser loads ahead what nobody has asked for yet: `Sec-Purpose`. */
  readonly isAhead: boolean;
  readonly isNavigation: boolean;
}

function senderOf({ headersDistinct }: GuardedRequest): Sender {
  const headerValue = (name: string) => headersDistinct[name]?.join(', ');
  return {
    site: headerValue('sec-fetch-site'),
    origin: headerValue('origin'),
    hasReferer: headerValue('referer') !== undefined,
    isAhead: headerValue('sec-purpose') !== undefined,
    isNavigation: headerValue('sec-fetch-mode') === 'navigate',
  };
}

function foreignRequest(
  { method = 'GET', headersDistinct }: GuardedRequest,
  { target, authority }: RequestTarget,
  { isNavigation }: Sender,
): ForeignRequest {
  const isDocument = headersDistinct['sec-fetch-dest']?.join(', ') === 'document';
  const subName = authority && subNameOf(authority);
  return { method, target, isLink: method === 'GET' && isNavigation && isDocument, subName };
}

/**
 * Whether a program sends it, a page of this endpoint, or a person who typed the address. The site is "none" then, but Chromium says so
 * too for what the speculation rules of any page let it load ahead.
 */
function isOwn({ site, origin, hasReferer, isAhead }: Sender, authority: string | undefined): boolean {
  if (authority === undefined) return site === undefined && origin === undefined;
  if (site === 'same-origin') return true;
  if (isAhead || (origin !== undefined && origin !== originOf(authority))) return false;
  return site === undefined || (site === 'none' && !hasReferer);
}

/** Whether the policy lets in what another page sends. Nothing is loaded ahead for it: a read would be in the audit trail. */
function isAdmitted(
  { origin, isAhead }: Sender,
  authority: string | undefined,
  isOpen: boolean,
  policy: GuardPolicy,
): boolean {
  if (isAhead || authority === undefined) return false;
  return isOpen || (origin !== undefined && policy.allowsOrigin(origin));
}

/** The origin of pages that this endpoint serves. Browsers leave out the port 80. */
function originOf(authority: string): string {
  return `http://${authority.toLowerCase().replace(/:(?:80)?$/, '')}`;
}

const ownNames =
  'This host answers only to localhost, names that end in .localhost, 127.0.0.0/8 and [::1], so that no web page can reach it by ' +
  'another name.';

function foreignHost(authority: string, names: string): Refusal {
  return {
    statusCode: 421,
    code: 'foreign-host',
    title: 'Not a name of this machine',
    detail: `The request names the host "${authority}". ${names} Use http://localhost with the same port.`,
    foreigner: authority,
  };
}

function foreignOrigin(sender: Sender, { adviceFor }: GuardPolicy): Refusal {
  const { origin, isNavigation, isAhead, hasReferer } = sender;
  const page = origin === undefined || origin === '' || origin === 'null' ? 'another site' : origin;
  const advice = isNavigation ? 'To open the address yourself, type it into the browser.' : adviceFor(page);
  return {
    statusCode: 403,
    code: 'foreign-origin',
    title: 'Request of another web page',
    detail: `A page of ${page} sent this request, and may not. ${advice}`,
    // A browser also loads ahead what its user begins to type: no line for that.
    ...((!isAhead || hasReferer) && { foreigner: page }),
  };
}
