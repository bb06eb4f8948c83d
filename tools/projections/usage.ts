/** Where the local host answers. */
export const localEndpoint = 'http://localhost:4566';

export const usage = `Looks after the event log and the read models that follow from it.

npm run projections -- COMMAND [options]

  status                what is active, built, kept for undo and deleted, of each read model
  rebuild NAME          fold the whole log into a new generation beside the active one, compare them, and switch.
                        Traffic goes on. Stopped or killed, the same command continues.
  switch NAME           make the generation active that "rebuild --no-switch" built
  undo NAME             make the previous generation active again; undo it with another undo
  drop NAME             delete the previous generation, and whatever else nobody reads any more
  discard NAME          give up the generation that is being built, and delete it
  verify NAME           fold streams afresh and compare rows with them
  repair STREAM         fold one stream from nothing, and replace what is stored of it; STREAM is category/id, or category/tenant/id.
                        If anything differed, it is repaired again once projectors that had loaded the damaged row have ended
  redrive NAME          try parked streams again, or parked commits: redrive publisher
  verify-log            check that every commit in the log is the one that was appended, and that none is missing

NAME is a read model: NAMES. rebuild, verify and redrive accept --all instead.

  --stage NAME          a deployed stage, with the AWS credentials and the region of the environment (default: the local host).
                        There a state machine rebuilds; this command watches it.
  --endpoint URL        where AWS's APIs answer (local host: ${localEndpoint}; a stage: AWS)
  --no-switch           rebuild: end before the switch
  --restored            rebuild: the log was restored from a backup; first delete snapshots and segments, which may not fit it.
                        Refused while a rebuild is unfinished, which may not fit it either
  --segments N          rebuild, verify-log: parts of the log, 1 to 64 (4; a stage's rebuild: 16)
  --concurrency N       rebuild, drop, discard: parts worked on at the same time, 1 to 3 (1; a stage: 2, its rebuild: its setting).
                        More are faster, and people who use the local host meanwhile wait longer
  --sample N            verify: at most N streams at random, 1 to 10,000 (default: all; you pay for what is read)
  --json                print the report as one JSON object on stdout; everything else goes to stderr
  --help                show this text

Exit code: 0 done and nothing found. 1 refused, or something was found: a difference, a stream that stays parked or differs again
after each repair, a broken log. 2 could not be done: no host, no such function, no credentials, a failure that lasts; for verify-log,
a wrong option too. 130 stopped by a signal.`;
