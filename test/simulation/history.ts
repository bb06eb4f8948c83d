import type { ContextName } from '../../schema/contexts.ts';

/**
 * What happened in a history, as the checks judge it. Nothing in it depends on how it came about: a simulated history and one of the
 * real pipeline have the same form.
 */
export interface RecordedHistory {
  /** Commands of people and automations, in the order of their first attempts. */
  readonly operations: readonly Operation[];
  /** Every commit of the log, in the order in which they were appended. */
  readonly commits: readonly RecordedCommit[];
  /** Answers to questions about the past, in the order in which they were asked. */
  readonly pasts: readonly PastAnswer[];
  /** Answers to queries of rows, in the order in which they were asked. */
  readonly reads: readonly RowAnswer[];
  /** Answers to queries of lists, in the order in which they were asked. Undefined: nobody has asked. */
  readonly lists?: readonly ListAnswer[];
  /** What the projectors and the publisher said about their progress, in order. */
  readonly progress: readonly ProgressNote[];
  /** The rows after everything has drained, of every written generation. */
  readonly rows: readonly FinalRow[];
  /** Every item of the read models after everything has drained. Undefined: nobody has looked. */
  readonly items?: readonly FinalItem[];
  /** Every written generation of each read model. Undefined: those that have rows. */
  readonly generations?: readonly WrittenGeneration[];
  /** A deployment that brings code with newer forms of events and rows. Undefined: there is none. */
  readonly newerCode?: NewerCode;
  /** Questions that were answered with a failure of the kernel, in order. Undefined: not known. */
  readonly failures?: readonly FailedQuestion[];
  /** What was parked at any time, in order. Undefined: not known. */
  readonly parkings?: readonly Parking[];
  /** What automations could not handle, although a person has moved it back, in words. Undefined: nobody has looked. */
  readonly deadLetters?: readonly string[];
  /** When the last sweep began, after everything had drained, in ms since 1970. Undefined: not known. */
  readonly sweptMs?: number;
  /** What is still parked after everything has drained. */
  readonly parked: readonly {
    readonly consumer: string;
    readonly subject: string;
    readonly reason: string;
  }[];
  /** What became of the data of persons. Undefined: nobody has looked. */
  readonly personal?: PersonalData;
  /** Undos of a switch that were answered while no other operator was at work. */
  readonly undos?: readonly Undo[];
}

/** An undo of a switch: the generations that were active before it, and after it. */
export interface Undo {
  readonly atMs: number;
  readonly readModel: string;
  readonly before: string;
  readonly after: string;
}

/** When earlier and newer code ran. Times in ms since 1970. */
export interface NewerCode {
  /** The first instance with the newer code starts then at the earliest. */
  readonly fromMs: number;
  /** No instance with the earlier code runs any more. */
  readonly oldUntilMs: number;
  /** The earlier code, until `oldUntilMs`, can read what the newer one writes. */
  readonly isReadBefore: boolean;
}

/** A question about a row or the past that was not answered. `code`: such as "unreadable-event". */
export interface FailedQuestion {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly context: ContextName;
  readonly id: string;
  readonly code: string;
}

/** A stream or record that was parked. */
export interface Parking {
  readonly atMs: number;
  readonly consumer: string;
  readonly subject: string;
  readonly reason: string;
}

/** What became of the data of persons, and of their keys. Times in ms since 1970. */
export interface PersonalData {
  readonly requests: readonly PersonRequest[];
  /** Every key that was ever created, by the name of its subject. */
  readonly keys: readonly SubjectKeyTimes[];
  /** Every change of the link of a stream, in order. */
  readonly links: readonly LinkChange[];
  /** The persons of the index by their ids, and who is found by which identifier. Stored after everything has drained. */
  readonly index: {
    readonly streams: readonly { readonly personId: string; readonly stream: string }[];
    readonly entries: readonly { readonly personId: string }[];
  };
  /** The keys of the documents that are still there. */
  readonly documents: readonly string[];
  /** What is wrong with stored envelopes, and where plain personal values are, in sentences. */
  readonly faults: readonly string[];
}

export interface SubjectKeyTimes {
  readonly name: string;
  readonly createdMs: number;
  /** Undefined: it still exists. */
  readonly destroyedMs?: number;
}

/** `personId`: undefined for a stream that is erased. */
export interface LinkChange {
  readonly stream: string;
  readonly personId: string | undefined;
  readonly atMs: number;
}

/** What somebody asks for about a person, one attempt. */
export interface PersonRequest {
  readonly who: string;
  readonly asked: 'hold' | 'lift' | 'erase';
  /** The person, as the API knows it. */
  readonly personId: string;
  readonly sentMs: number;
  readonly endedMs: number;
  readonly answer: CommandAnswer;
}

/** A command that a person asks for. Amounts are decimals as text, times are ISO 8601. Ids are without their category. */
export type PersonCommand =
  | {
      readonly context: 'ledger';
      readonly do: 'open';
      readonly id: string;
      readonly currency: string;
      readonly overdraftLimit: string;
    }
  | {
      readonly context: 'ledger';
      readonly do: 'credit' | 'debit';
      readonly id: string;
      readonly amount: string;
    }
  | {
      readonly context: 'ledger';
      readonly do: 'transfer';
      readonly id: string;
      readonly to: string;
      readonly amount: string;
    }
  | { readonly context: 'ledger'; readonly do: 'close'; readonly id: string }
  | { readonly context: 'metrics'; readonly do: 'create'; readonly id: string; readonly name: string }
  | {
      readonly context: 'metrics';
      readonly do: 'set-target';
      readonly id: string;
      readonly value: number;
      readonly deadline: string;
      readonly direction: 'at-least' | 'at-most';
    }
  | {
      readonly context: 'metrics';
      readonly do: 'record';
      readonly id: string;
      readonly values: readonly number[];
    }
  | { readonly context: 'metrics'; readonly do: 'archive'; readonly id: string }
  | { readonly context: 'dispense'; readonly do: 'start' | 'complete' | 'cancel'; readonly id: string }
  /** `document`: what was uploaded, as a text. `add-page`: it is a further page of the prescription. */
  | {
      readonly context: 'dispense';
      readonly do: 'upload' | 'add-page';
      readonly id: string;
      readonly document: string;
    }
  /** `analysis`: the id of the analysis that the person has seen. In a plan: `at-once` or `slowly`, see `people/analyses.ts`. */
  | { readonly context: 'dispense'; readonly do: 'confirm'; readonly id: string; readonly analysis: string }
  /** Dispenses with the same identifier are of one person. */
  | {
      readonly context: 'dispense';
      readonly do: 'add-patient' | 'correct-patient';
      readonly id: string;
      readonly name: string;
      readonly identifier?: string;
    }
  | {
      readonly context: 'dispense';
      readonly do: 'add-drugs';
      readonly id: string;
      readonly drugs: readonly string[];
      /** As for `confirm`. Absent: the person has seen none. */
      readonly analysis?: string;
    };

/** How a command ended, as its caller sees it. */
export type CommandAnswer =
  | {
      /** `changed`: it was committed. `unchanged`: there was nothing to do, so nothing was written. */
      readonly outcome: 'changed' | 'unchanged';
      /** True: an earlier attempt had committed it. */
      readonly repeated: boolean;
      /** Of the first stream, after the command. */
      readonly version: number;
      readonly created: boolean;
      readonly body: Readonly<Record<string, unknown>>;
    }
  /** By a rule of the business: "ledger/insufficient-funds". Nothing was written. */
  | { readonly outcome: 'refused'; readonly code: string }
  /** By the kernel: nothing was written, except for `unknown-outcome`, where nobody knows. */
  | { readonly outcome: 'failed'; readonly code: string }
  /** No answer came, or an error that says nothing: the command may have been carried out, may still be, or not. */
  | { readonly outcome: 'unanswered'; readonly reason: string };

/** One attempt of an operation. Times in ms since 1970, by the world's clock. */
export interface Attempt {
  readonly sentMs: number;
  readonly endedMs: number;
  readonly answer: CommandAnswer;
}

/** A command with all its attempts. A caller without a key makes one attempt. */
export interface Operation {
  readonly who: string;
  readonly command: PersonCommand;
  /** The idempotency key, unique to this operation unless the caller misuses it on purpose: see `misusesKeyOf`. */
  readonly key?: string;
  /** The operation whose key this one uses for another command, by its index. It must be refused if that one was committed. */
  readonly misusesKeyOf?: number;
  /** Sent as `If-Match`. */
  readonly expectedVersion?: number;
  /** The id under which a commit of this operation is in the log. Undefined: it is not known (an attempt without key that was not answered). */
  readonly commandId?: string;
  readonly attempts: readonly Attempt[];
}

/** A commit of the log. */
export interface RecordedCommit {
  /** "ledger/acc-1" */
  readonly stream: string;
  /** Version of its first event. */
  readonly version: number;
  readonly commandId: string;
  readonly committedAt: string;
  readonly events: readonly { readonly id: string; readonly type: string; readonly data: object }[];
  /** When it was really appended, in ms since 1970. Undefined: not known. */
  readonly appendedMs?: number;
  /** True: it was in the log before the history began, so no operation has made it. */
  readonly isPrepared?: boolean;
}

/** An answer about the past. */
export interface PastAnswer {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly context: ContextName;
  readonly id: string;
  readonly point: { readonly at: string } | { readonly version: number };
  /** True: newer code gave the answer, so it has the fields that only newer code knows. */
  readonly isByNewer?: boolean;
  /** Undefined: it did not exist then. */
  readonly found?: { readonly version: number; readonly row: Readonly<Record<string, unknown>> } | undefined;
}

/** An answer to a query of a row. */
export interface RowAnswer {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly context: ContextName;
  readonly id: string;
  /** With everything that was committed before the query (`Cache-Control: no-cache`). */
  readonly isFresh: boolean;
  readonly found?:
    | {
        readonly version: number;
        readonly generation?: string | undefined;
        readonly row: Readonly<Record<string, unknown>>;
      }
    | undefined;
}

/** A question about a list. */
export interface ListQuestion {
  /** All accounts by opening; the statement of an account, newest first; metrics by name or deadline; items of the TODO list. */
  readonly list: 'accounts' | 'statement' | 'metrics-by-name' | 'metrics-by-deadline' | 'todo';
  /** Of a statement: the account. Of the TODO list: only items about this stream. */
  readonly about?: string;
  /** Only metrics, or only items, with this status. */
  readonly status?: string;
  /** Entries of a page. */
  readonly limit: number;
}

/** The answer to a question about a list: all pages together. A statement has everything that was committed before the question. */
export interface ListAnswer extends ListQuestion {
  readonly askedMs: number;
  readonly answeredMs: number;
  /** When the last page was asked for. */
  readonly lastAskedMs: number;
  /** It was asked after everything had drained. */
  readonly isFinal: boolean;
  readonly entries: readonly ListEntry[];
}

/** An entry of a list. */
export interface ListEntry {
  /** Its place in the list. */
  readonly key: string;
  /** The row, or the line. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** A consumer says: everything up to this commit of the shard is handled. */
export interface ProgressNote {
  readonly atMs: number;
  readonly consumer: string;
  readonly shardId: string;
  /** The commits of the shard up to here, as `stream` and the version of their last event. */
  readonly handled: readonly { readonly stream: string; readonly lastVersion: number }[];
  /** The version of each of those rows at this moment, in the active generation; 0 without a row. Parked streams have the text. */
  readonly rowVersions: readonly (number | 'parked')[];
}

/** A copy of a read model that projectors write. */
export interface WrittenGeneration {
  readonly context: ContextName;
  readonly generation: string;
  readonly isActive: boolean;
}

/** A row, with its lines. */
export interface FinalRow {
  readonly context: ContextName;
  readonly generation: string;
  readonly isActive: boolean;
  /** Of the stream. For items of the TODO list: "ledger/acc-1". */
  readonly id: string;
  /** 0: the row is missing. */
  readonly version: number;
  readonly row: Readonly<Record<string, unknown>>;
  readonly lines: readonly { readonly key: string; readonly line: Readonly<Record<string, unknown>> }[];
  /** True: earlier code may have written it or gone on with it, so fields that only newer code knows may be missing or wrong. */
  readonly mayBeOld?: boolean;
  /** What a fold of the stream's commits by the projection gives. Undefined: it cannot be folded. */
  readonly folded?:
    | Omit<FinalRow, 'context' | 'generation' | 'isActive' | 'id' | 'mayBeOld' | 'folded'>
    | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

/** An item of a read model as it is stored, beside the one that it must be. */
export interface FinalItem {
  readonly context: ContextName;
  readonly generation: string;
  /** `written`: projectors write the generation. `open`: it is being built or deleted, so anything may be there. `gone`: neither. */
  readonly use: 'written' | 'open' | 'gone';
  /** Of the stream, and the part of its row: `row`, `entry` or `line#<key>`. */
  readonly id: string;
  readonly part: string;
  /** By their names, with `data` as JSON. Undefined: there is no such item. */
  readonly stored: Attributes | undefined;
  /** Undefined: there must be none, or it is not known what must be there. */
  readonly expected: Attributes | undefined;
}

/** A difference between what happened and what is right. */
export interface Finding {
  /** Name of the check, such as "acknowledged commands are in the log". */
  readonly check: string;
  /** A sentence: what was expected, and what was found. */
  readonly text: string;
  /** When it shows, in ms since 1970. Undefined: only at the end. */
  readonly atMs?: number;
}
