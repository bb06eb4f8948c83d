import type { ListOf } from '../../../../schema/contexts.ts';
import { idOfStream, type Personal, type Projection, type RecordedEvent } from '../../../kernel/index.ts';
import { type DispenseStatus, statusAfterErasure } from '../domain/dispense.ts';
import {
  type DataOf,
  type DispenseEvent,
  type DocumentType,
  dispenseEvents,
  type RecordedDrug,
  type RecordedProposal,
} from '../domain/events.ts';

/** The result of the analysis of all pages of the newest prescription. */
export type AnalysisOutcome = {
  /** Absent in a row of row version 1. */
  readonly id?: string;
  /** When a person confirmed it. Absent: nobody has yet. */
  readonly confirmedAt?: string;
} & (
  | ({ readonly outcome: 'analyzed' } & ReadingRow)
  | { readonly outcome: 'failed'; readonly reason: string }
);

/** What was read. A row of row version 1 has only the analyzer, the confidence, and the drugs. */
interface ReadingRow
  extends Partial<Omit<DataOf<'Dispense:PrescriptionAnalyzed'>, 'uploadEventId' | keyof EarlierReadingRow>>,
    EarlierReadingRow {}

interface EarlierReadingRow {
  readonly analyzer: 'embedded' | 'bedrock';
  readonly confidence: number;
  readonly drugs: readonly RecordedProposal[];
}

/** A page of the newest prescription. */
export interface PageRow {
  readonly key: string;
  readonly sizeBytes: number;
  readonly contentType: DocumentType;
  readonly sha256: Personal<string>;
  readonly uploadedAt: string;
}

/** The newest prescription of a dispense, with the fields of its newest page. */
export interface PrescriptionRow extends PageRow {
  /** The pages before it, in order. Absent: it is the only one. */
  readonly earlierPages?: readonly PageRow[];
  /** Absent while the analysis runs, and if the dispense was cancelled before the analysis ended. */
  readonly analysis?: AnalysisOutcome;
}

/** A dispense as queries see it. Its personal fields are those of the events, plain or in their envelopes. */
export interface DispenseRow {
  readonly id: string;
  readonly state: DispenseStatus;
  readonly patient?: DataOf<'Dispense:PatientAdded'>;
  /** The drugs to hand over, in the order in which they were added. */
  readonly drugs: readonly RecordedDrug[];
  /** The newest prescription. */
  readonly prescription?: PrescriptionRow;
  readonly cancelReason?: Personal<string>;
  readonly startedAt: string;
  /** When the dispense was completed or cancelled. */
  readonly endedAt?: string;
  /** When its personal data were erased. They stay here in envelopes that nobody can open. */
  readonly erasedAt?: string;
  readonly updatedAt: string;
}

/** The read model of dispenses. Rows have no lines: the history of a dispense is its stream. */
export const dispenseProjection: Projection<DispenseEvent, DispenseRow, never, ListOf<'dispense'>> = {
  name: 'dispense',
  category: 'dispense',
  events: dispenseEvents,
  // 2: pages, and all parts of an analysis.
  rowVersion: 2,
  project: (row, event) => {
    if (event.type === 'Dispense:Started') return { row: started(event) };
    if (row === undefined) throw new Error(`${event.stream} does not begin with Dispense:Started.`);
    return { row: { ...row, ...changes(row, event), updatedAt: event.committedAt } };
  },
  listKeys: ({ id, state, startedAt }) => ({
    byStart: `${startedAt}#${id}`,
    byState: `${statusKey(state)}${startedAt}#${id}`,
  }),
};

/** In the list `byState`, the keys of all dispenses in this state begin with it. */
export function statusKey(state: DispenseStatus): string {
  return `${state}#`;
}

function started({ stream, committedAt, data }: RecordedEvent & { data: { at: string } }): DispenseRow {
  return {
    id: idOfStream(stream),
    state: 'pending',
    drugs: [],
    startedAt: data.at,
    updatedAt: committedAt,
  };
}

function changes(
  row: DispenseRow,
  event: RecordedEvent & Exclude<DispenseEvent, { type: 'Dispense:Started' }>,
): Partial<DispenseRow> {
  switch (event.type) {
    case 'Dispense:PrescriptionUploaded':
      return { state: 'analyzing', prescription: uploaded(row.prescription, event.data) };
    case 'Dispense:PrescriptionAnalyzed': {
      const { uploadEventId: id, ...reading } = event.data;
      return analyzed(row, { outcome: 'analyzed', id, ...reading });
    }
    case 'Dispense:AnalysisFailed': {
      const { uploadEventId: id, reason } = event.data;
      return analyzed(row, { outcome: 'failed', id, reason });
    }
    case 'Dispense:AnalysisConfirmed':
      return confirmed(row, { id: event.data.uploadEventId, confirmedAt: event.data.at });
    case 'Dispense:PatientAdded':
    case 'Dispense:PatientCorrected':
      return { patient: event.data };
    case 'Dispense:DrugsAdded': {
      const { drugs, confirmsAnalysis } = event.data;
      return {
        drugs: [...row.drugs, ...drugs],
        ...(confirmsAnalysis && confirmed(row, { confirmedAt: event.committedAt })),
      };
    }
    case 'Dispense:Completed':
      return { state: 'complete', endedAt: event.data.at };
    case 'Dispense:Cancelled':
      return { state: 'cancelled', cancelReason: event.data.reason, endedAt: event.data.at };
    case 'Dispense:Erased':
      return erased(row, event.data);
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a dispense event: ${(unknown as DispenseEvent).type}`);
    }
  }
}

/** The prescription after an upload: a further page, or a document that replaces all pages. */
function uploaded(
  earlier: PrescriptionRow | undefined,
  { at, earlierKeys, ...document }: DataOf<'Dispense:PrescriptionUploaded'>,
): PrescriptionRow {
  const earlierPages = earlier ? pagesOf(earlier).filter(({ key }) => earlierKeys.includes(key)) : [];
  return { ...document, uploadedAt: at, ...(earlierPages.length > 0 && { earlierPages }) };
}

/** All pages of a prescription, in order. */
export function pagesOf({ analysis: _, earlierPages = [], ...newest }: PrescriptionRow): readonly PageRow[] {
  return [...earlierPages, newest];
}

/** Also the envelopes stay, so that an answer says of each value that it is erased, and not that it never was. */
function erased({ state, endedAt }: DispenseRow, { at }: DataOf<'Dispense:Erased'>): Partial<DispenseRow> {
  return { state: statusAfterErasure(state), endedAt: endedAt ?? at, erasedAt: at };
}

/** The confirmation of the newest analysis, if there is one. The first one counts. */
function confirmed(
  { prescription }: DispenseRow,
  confirmation: { readonly id?: string; readonly confirmedAt: string },
): Partial<DispenseRow> {
  const analysis = prescription?.analysis;
  if (!(prescription && analysis) || analysis.confirmedAt !== undefined) return {};
  return { prescription: { ...prescription, analysis: { ...analysis, ...confirmation } } };
}

function analyzed({ prescription }: DispenseRow, analysis: AnalysisOutcome): Partial<DispenseRow> {
  return prescription ? { state: 'ready', prescription: { ...prescription, analysis } } : {};
}

export default dispenseProjection;
