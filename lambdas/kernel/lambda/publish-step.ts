import { type Commit, placeOfCommit } from '../commit.ts';
import { type CausedStep, type Observer, untracedStep } from '../observer.ts';
import { ownTraceparent, type TraceparentOf } from '../publishing.ts';

/** The steps of commits that are sent to a destination. */
export interface PublishSteps {
  /** The step of a commit. Commits of one trace share theirs. */
  of(commit: Commit): CausedStep;
  /** What the message of a commit carries: the context of its step, so that consumers continue from there. */
  readonly traceparentOf: TraceparentOf;
}

/** Sends commits, if there are any, in a step of the trace of each. */
export async function publishStep<Result>(
  observer: Observer,
  destination: string,
  commits: readonly Commit[],
  send: (steps: PublishSteps) => Promise<Result>,
): Promise<Result> {
  if (commits.length === 0) return send(noSteps);
  const causes = commits.map((commit) => ({
    traceparent: commit.traceparent,
    details: { stream: commit.stream, commits: [placeOfCommit(commit)], destination },
  }));
  return observer.stepFor('publish', causes, (steps) => {
    const byCommit = new Map(commits.map((commit, index) => [commit, steps[index]]));
    return send({
      of: (commit) => byCommit.get(commit) ?? untracedStep,
      traceparentOf: (commit) => byCommit.get(commit)?.traceparent ?? commit.traceparent,
    });
  });
}

const noSteps: PublishSteps = { of: () => untracedStep, traceparentOf: ownTraceparent };
