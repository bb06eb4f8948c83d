/** One running engine, on loopback. */
export interface Engine {
  readonly name: string;
  readonly url: string;
  /** Called when all tables exist. */
  readonly onTablesCreated?: () => void;
  /** Stops it and waits until it has ended. */
  stop(): Promise<void>;
}

/** Called once when an engine ends without being stopped. */
export type OnCrash = (engineName: string, reason: string) => void;
