import type { Api } from './api.ts';

/** How far the read models have come. */
export interface CatchUp {
  /** Rows that reflect every acknowledged command. */
  readonly current: number;
  readonly total: number;
  /** Grows whenever any row moves: a read model that is slow is told from one that stands still. */
  readonly progress: number;
}

/** Traffic for one context: what it sends, and books of its own to compare with afterwards. */
export interface Workload {
  /** As `--mix` names it. */
  readonly name: string;
  /** Events that acknowledged commands have committed. */
  readonly eventCount: number;
  /** Over how much the traffic is spread: `50 accounts`. */
  readonly scale: string;
  /** One line on what the books hold, for the report; complete once all is compared. */
  readonly holdings: string;
  /** Carries out the next step; many run at the same time. Rejects where an outcome cannot be found out. */
  step(api: Api): Promise<void>;
  /** Looks how far the read model is behind the books. */
  catchUp(api: Api): Promise<CatchUp>;
  /** Compares everything the system shows with the books; a sentence for each difference. */
  verify(api: Api, onCompared: (done: number, total: number) => void): Promise<string[]>;
}
