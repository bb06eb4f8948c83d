import type { ListQuestion, PersonCommand } from './history.ts';
import type { Fault } from './world/faults.ts';

/** What a person does. Times in simulated ms after the start of the history. */
export type Act =
  | {
      readonly kind: 'command';
      readonly atMs: number;
      readonly who: string;
      readonly command: PersonCommand;
      /** Absent: one attempt, without a key. */
      readonly key?: string;
      /** Attempts while there is no answer. */
      readonly attempts: number;
      /** The person gives up waiting after this time, in ms, and sends the command again with the same key. */
      readonly patienceMs: number;
      readonly expectedVersion?: number;
      /** Uses the key of that act for another command. */
      readonly misusesKeyOf?: number;
    }
  /** Sends an earlier command once more, with its key, long after its answer. */
  | { readonly kind: 'again'; readonly atMs: number; readonly who: string; readonly act: number }
  | {
      readonly kind: 'read';
      readonly atMs: number;
      readonly who: string;
      readonly context: 'ledger' | 'metrics' | 'dispense';
      readonly id: string;
      readonly isFresh: boolean;
    }
  /** Reads a list to its end, page by page. */
  | ({ readonly kind: 'list'; readonly atMs: number; readonly who: string } & ListQuestion)
  /** Finds a person by the identifier, and asks for a legal hold, its end, or the erasure. */
  | {
      readonly kind: 'person';
      readonly atMs: number;
      readonly who: string;
      readonly asks: 'hold' | 'lift' | 'erase';
      readonly identifier: string;
    }
  /** Asks about one instant of all accounts, twice: again `laterMs` later. `agoMs`: the age of the instant. */
  | {
      readonly kind: 'ask-past';
      readonly atMs: number;
      readonly who: string;
      readonly agoMs: number;
      readonly laterMs: number;
    }
  /** The operator rebuilds a read model: folds, follows, waits, compares, switches. `then`: what follows later. */
  | {
      readonly kind: 'rebuild';
      readonly atMs: number;
      readonly readModel: 'ledger' | 'metrics' | 'dispense' | 'todo';
      readonly parts: number;
      readonly then: 'drop' | 'undo' | 'undo-twice' | 'nothing';
    }
  /** One request of an operator, whatever another one is doing at this time. */
  | {
      readonly kind: 'interfere';
      readonly atMs: number;
      readonly readModel: 'ledger' | 'metrics' | 'dispense' | 'todo';
      readonly action: 'undo' | 'switch' | 'discard' | 'drop' | 'remove';
    }
  /** The operator repairs a stream of which nobody has said that it is wrong. */
  | {
      readonly kind: 'repair';
      readonly atMs: number;
      readonly readModel: 'ledger' | 'metrics' | 'dispense';
      readonly id: string;
    }
  /** The sweep of due targets runs several times at the same time. */
  | { readonly kind: 'sweep'; readonly atMs: number; readonly runs: number }
  | { readonly kind: 'redrive' | 'catch-up'; readonly atMs: number }
  /** A row is damaged by hand, and repaired after some seconds. */
  | {
      readonly kind: 'damage-and-repair';
      readonly atMs: number;
      readonly readModel: 'ledger' | 'metrics' | 'dispense';
      readonly id: string;
    };

/** A history before it happens: everything that people do and that goes wrong. It is made from a seed, and may be shrunk. */
export interface Plan {
  readonly seed: number;
  readonly options: PlanOptions;
  readonly acts: readonly Act[];
  readonly faults: readonly Fault[];
}

/** Settings of the system in this history. Small bounds, so that short histories meet them. */
export interface PlanOptions {
  /** Events between snapshots. */
  readonly snapshotThreshold: number;
  /** Instances of the API that serve at the same time. */
  readonly apiInstances: number;
  /** Bytes of a page of DynamoDB, so that reads have more than one. */
  readonly pageBytes: number;
  /** Shards of the log's stream and of the event stream at the start. */
  readonly shards: number;
  /** Batches of one shard that a projector gets at the same time: a setting of a stage. */
  readonly projectorsPerShard: number;
  /** Each projector gets only the commits of its own context: a setting of a stage. */
  readonly eventFilters: boolean;
  /** A stream that has this many events before the history begins, so that it has segments. 0: none has. */
  readonly longStreamEvents: number;
}
