import type { StreamName } from '../commit.ts';

/** A request to seal a stream. */
export interface SealRequest {
  readonly stream: StreamName;
  /** True: what is sealed is checked too, and what is missing or damaged is sealed again. Default: false. */
  readonly check?: boolean;
}

/** Asks for sealing. Never throws, and takes only some ms: a reader waits for it. */
export interface SealRequests {
  ask(request: SealRequest): Promise<void>;
}
