import { UnfoldableError } from '../catch-up-row.ts';
import type { ParkingLot } from '../parking.ts';
import type { StreamName } from '../stream-name.ts';
import { compareStream, isSame, type StreamComparison } from './compare-stream.ts';
import { type ExpectedStream, foldStream } from './fold-stream.ts';
import { rowIdOf } from './row-id.ts';
import {
  digestOf,
  isStored,
  readStored,
  rowPart,
  type StoredItem,
  type StoredStream,
} from './stored-rows.ts';
import type { AnyTarget, VerifySources } from './verified-target.ts';

/** A row may be this much behind the log, in ms. A delivery takes seconds; a projector may fail for a while. */
export const deliveryBoundMs = 5 * 60_000;

/** Strongly consistent comparisons of a stream whose row changes again and again. */
const maxConfirmations = 3;

/** The result of verifying a stream. */
export interface VerifiedStream {
  /**
   * `differs`: see `fields` and `lines`. `behind`: the row is right, but commits were not delivered for more than
   * {@link deliveryBoundMs}. `parked`: they cannot be folded, and are parked. `unsettled`: the row changed during every comparison.
   */
  readonly outcome: 'same' | 'differs' | 'behind' | 'parked' | 'unsettled';
  /** Names only, as in `StreamDifferences` of `schema/projections.ts`. */
  readonly fields: readonly string[];
  /** Number of lines that are missing, surplus or different. */
  readonly lines: number;
  /** Version of the stream; 0 if it does not exist. Unknown for a stream that cannot be folded: 0. */
  readonly version: number;
  /** Events of the stream that were folded, counted once, however often the stream was compared. */
  readonly events: number;
}

/** What verifying a stream needs. */
export interface VerifyStreamSources extends VerifySources {
  /** Called with the number of events of each page that was read, in every comparison. What it throws ends the comparison. */
  readonly onEvents?: (count: number) => void;
}

/**
 * Compares what is stored of a stream with a fresh fold of its events, up to the version of the row. A row that lags is no
 * difference. The first comparison is eventually consistent. A difference is reported only if a strongly consistent comparison
 * finds one as well and the row did not change meanwhile, so a projector that writes causes no false alarm.
 */
export async function verifyStream(
  sources: VerifyStreamSources,
  target: AnyTarget,
  stream: StreamName,
): Promise<VerifiedStream> {
  const id = rowIdOf(target.projection, stream);
  let events = 0;
  for (let confirmations = 0; confirmations <= maxConfirmations; confirmations += 1) {
    const stored = await readStored(target.rows, id, confirmations > 0);
    const found = await compareOnce(sources, target, stream, stored);
    if (found.outcome !== 'differs') return found;
    if (confirmations > 0 && (await isRowUnchanged(target, id, stored.row))) return found;
    ({ events } = found);
  }
  return { ...nothing, outcome: 'unsettled', events };
}

/** What differs as a number of lines and names of fields. */
export function differencesOf({ fields, wrongLines, surplusLines }: StreamComparison) {
  return { fields, lines: wrongLines.length + surplusLines.length };
}

const nothing = { fields: [], lines: 0, version: 0, events: 0 };

async function compareOnce(
  sources: VerifyStreamSources,
  target: AnyTarget,
  stream: StreamName,
  stored: StoredStream,
): Promise<VerifiedStream> {
  let expected: ExpectedStream;
  try {
    expected = await foldStream(sources, target, stream, { version: versionToFold(stored.row), stored });
  } catch (error) {
    if (!(error instanceof UnfoldableError)) throw error;
    if (await isParked(sources.parkingLot, target, stream)) return { ...nothing, outcome: 'parked' };
    return { ...nothing, outcome: 'differs', fields: ['(unfoldable)'] };
  }
  const { end: version, events } = expected;
  const compared = compareStream(target, stream, stored, expected);
  const found = { ...differencesOf(compared), version, events };
  if (version === 0 && expected.fault === undefined) {
    return isStored(stored)
      ? { ...found, outcome: 'differs', fields: ['(surplus)'] }
      : { ...found, outcome: 'same' };
  }
  if (!isSame(compared)) return { ...found, outcome: 'differs' };
  return { ...found, ...(await undelivered(sources, target, stream, stored, expected)) };
}

/** A row whose version cannot be read is compared with the end of the stream. */
function versionToFold(row: StoredItem | undefined): number {
  return row === undefined ? 0 : (row.version ?? Number.POSITIVE_INFINITY);
}

/** Whether commits after the row's version are late, and why. */
async function undelivered(
  { parkingLot, now }: VerifySources,
  target: AnyTarget,
  stream: StreamName,
  { row }: StoredStream,
  { undeliveredSince, fault }: ExpectedStream,
): Promise<Partial<VerifiedStream> & Pick<VerifiedStream, 'outcome'>> {
  const since = undeliveredSince === undefined ? Number.NaN : Date.parse(undeliveredSince);
  const isLate = Date.parse(now()) - since > deliveryBoundMs;
  if (!isLate && fault === undefined) return { outcome: 'same' };
  if (await isParked(parkingLot, target, stream)) return { outcome: 'parked' };
  if (!isLate) return { outcome: 'same' };
  return row === undefined ? { outcome: 'differs', fields: ['(missing)'] } : { outcome: 'behind' };
}

async function isParked(
  parkingLot: Pick<ParkingLot, 'list'>,
  { projection }: AnyTarget,
  stream: StreamName,
): Promise<boolean> {
  // A text just before the stream's name: no name has a "~".
  const before = `${stream.slice(0, -1)}${String.fromCharCode(stream.charCodeAt(stream.length - 1) - 1)}~`;
  const [entry] = await parkingLot.list(projection.name, { limit: 1, after: before });
  return entry?.subject === stream;
}

async function isRowUnchanged({ rows }: AnyTarget, id: string, before: StoredItem | undefined) {
  const [now] = await rows.find(id, [rowPart]);
  return (now && digestOf(now)) === (before && digestOf(before));
}
