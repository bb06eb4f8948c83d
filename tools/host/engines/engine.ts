/** One running engine, on loopback. */
export interface Engine {
  readonly name: string;
  readonly url: string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Told once when an engine ends that nobody stopped. */
export type OnCrash = (engineName: string, reason: string) => void;
