import { projectorTimeoutSeconds, type RepairReport } from '../../schema/projections.ts';
import { UserError } from '../host/user-error.ts';
import { PassingFault, sentence } from './passing-fault.ts';
import { duration } from './progress.ts';
import { number } from './rebuild/parts.ts';
import { waitUntil } from './rebuild/wait-until.ts';
import { ask } from './rebuilder.ts';
import type { Outcome, Session } from './session.ts';
import { orStopped, Stopped, stoppedCode } from './stopped.ts';
import { whatDiffers } from './verify.ts';

/**
 * Repetitions of a repair. At worst the first one finds a row that was put back late, the second one lines that a projector folded
 * from it, and the third one nothing.
 */
const maxRepetitions = 3;

/** Of a release that does not answer it. Longer than a projector runs. */
const defaultSettleMs = 2 * projectorTimeoutSeconds * 1_000;

const stoppedText =
  'Stopped. The function still ends the repair. Repeat the command, and once more two minutes later.';
const failedText =
  'A part of the stream may be mended. Repeat the command, and when it succeeds, once more two minutes later.';

/** One repair. */
interface Round {
  readonly report: RepairReport;
  /** A repetition must follow: something was replaced, now or in an earlier attempt whose answer was lost. */
  readonly isOpen: boolean;
}

/** The report of `--json`. */
interface RepairedStream extends Omit<RepairReport, 'settleMs'> {
  /** What the repetitions found. */
  readonly repetitions: readonly Omit<RepairReport, 'settleMs'>[];
  /** Whether the last repair found nothing, and no projector can write what it had folded before. */
  readonly settled: boolean;
  /** When to repeat the command: ISO 8601, UTC, by the clock of this machine. Present if a signal ended the waiting. */
  readonly repeatAt?: string;
}

/**
 * Folds one stream from nothing, and replaces what is stored of it. If anything differed, a projector that had loaded the damaged row
 * may still write lines from it. So this waits until all of them have ended, and repairs again, until nothing differs. A signal that
 * ends the waiting is an outcome, because what was mended stays. @throws {Refused} if the function refuses, {UserError} if it fails,
 * {Stopped} before the first answer.
 */
export async function repair(session: Session, stream: string): Promise<Outcome> {
  const first = await orStopped(stoppedText, () => repairOnce(session, stream));
  const rounds = [first];
  let last = first;
  while (last.isOpen) {
    if (rounds.length > maxRepetitions) return unsettled(last, rounds);
    const settleMs = last.report.settleMs ?? defaultSettleMs;
    const settledAt = () => new Date(session.clock.nowMs() + settleMs).toISOString();
    let repeatAt = settledAt();
    let isAsked = false;
    sayRound(session, last, settleMs);
    try {
      await waitUntil(session, repeatAt, 'Waiting until projectors that had loaded the row have ended');
      isAsked = true;
      last = await repairOnce(session, stream);
      rounds.push(last);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      // The function still ends the repair that it was asked for, and may replace more.
      if (isAsked) repeatAt = settledAt();
      return stopped(rounds, repeatAt);
    }
  }
  const nothing = rounds.length > 1 ? 'Repaired again: nothing differs any more.' : 'Nothing differed.';
  return { code: 0, lines: [...roundLines(last), nothing], report: reportOf(rounds, true) };
}

async function repairOnce({ functions }: Pick<Session, 'functions'>, stream: string): Promise<Round> {
  let isRepeated = false;
  const onRepeat = () => {
    isRepeated = true;
  };
  try {
    const report = await ask<'repair'>(functions, { action: 'repair', stream }, onRepeat);
    return { report, isOpen: isRepeated || mendedIn(report).length > 0 };
  } catch (error) {
    throw error instanceof PassingFault ? new UserError(`${sentence(error)} ${failedText}`) : error;
  }
}

function mendedIn({ generations }: RepairReport): RepairReport['generations'] {
  return generations.filter(({ fields, lines }) => fields.length > 0 || lines > 0);
}

function roundLines({ report }: Round): string[] {
  const { stream, version, events } = report;
  return [
    `Folded ${number(events)} events of ${stream}, up to version ${version}.`,
    ...mendedIn(report).map((each) => `MENDED ${each.readModel} ${each.generation}: ${whatDiffers(each)}`),
  ];
}

/** Says what was mended before the wait begins, and why there is one. */
function sayRound({ say }: Session, round: Round, settleMs: number): void {
  for (const line of roundLines(round)) say(line);
  if (mendedIn(round.report).length === 0) {
    say('Nothing differed. But the request was sent again, and the first one may have mended something.');
  }
  say(
    `A projector that had loaded the damaged row may still write from it, for ${duration(settleMs)} at most. So this repairs again then.`,
  );
  say('Ctrl-C ends the waiting only: what is mended stays, and the same command repairs again.');
}

function stopped(rounds: readonly Round[], repeatAt: string): Outcome {
  return {
    code: stoppedCode,
    lines: [
      'Stopped. What was mended stays.',
      `A projector that had loaded the damaged row may still write from it until ${repeatAt}. Repeat the command after that.`,
    ],
    report: { ...reportOf(rounds, false), repeatAt },
  };
}

function unsettled(last: Round, rounds: readonly Round[]): Outcome {
  const { stream } = last.report;
  const differedEachTime = rounds.every(({ report }) => mendedIn(report).length > 0);
  return {
    code: 1,
    lines: [
      ...roundLines(last),
      ...(differedEachTime
        ? [
            `${stream} differed again in each of ${maxRepetitions} repetitions. No projector of this release does that.`,
            'Something else writes to the table, or a projection gives another result each time. What to do: docs/runbook.md#row-differs',
          ]
        : [
            `${stream} differed, or a request was sent again, in each of ${maxRepetitions} repetitions. So none of them proves that nothing differs.`,
            'Repeat the command two minutes later.',
          ]),
    ],
    report: reportOf(rounds, false),
  };
}

function reportOf(rounds: readonly Round[], settled: boolean): RepairedStream {
  const [first, ...repetitions] = rounds.map(({ report: { settleMs: _settleMs, ...report } }) => report);
  if (first === undefined) throw new RangeError('Nothing was repaired.');
  return { ...first, repetitions, settled };
}
