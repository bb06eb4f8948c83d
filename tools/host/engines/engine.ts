/** One running engine, on loopback. */
export interface Engine {
  readonly name: string;
  readonly url: string;
  /** Called when all tables exist. */
  readonly onTablesCreated?: () => void;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Called once when an engine ends that was not stopped. */
export type OnCrash = (engineName: string, reason: string) => void;
