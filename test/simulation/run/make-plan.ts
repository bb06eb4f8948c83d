import type { Plan, PlanOptions } from '../plan.ts';
import { firstPhaseEndMs, oldGoneMs } from '../world/deployment.ts';
import { Random } from '../world/random.ts';
import { startMs } from '../world/world.ts';
import { commandsOf } from './planning/commands.ts';
import { actsOf } from './planning/draft.ts';
import { faultsOf } from './planning/fault-plan.ts';
import { focused } from './planning/focus.ts';
import { otherActsOf } from './planning/other-acts.ts';
import { type Focus, focusOf, type Temper, temperOf } from './planning/temper.ts';

/** Smallest pages, in bytes: a commit or two. The largest are DynamoDB's. */
const [pageMinBytes, pageMaxBytes] = [2_000, 1_000_000];

/** A rush has an instance of the API for each of its commands. */
const rushInstances = 40;

/**
 * The plan of a seed: at least 50 commands over at least 5 streams, and at least 3 faults. The same seed gives the same plan. The
 * temper is drawn first, so that histories differ strongly.
 */
export function makePlan(seed: number): Plan {
  const random = new Random(seed, 'plan');
  const temper = temperOfPlan(random.of('temper'));
  const { commands, streams } = commandsOf(random.of('commands'), temper, startMs);
  const others = otherActsOf(random.of('others'), { temper, commands, streams });
  const acts = actsOf([...commands, ...others]);
  const faults = faultsOf(random.of('faults'), temper, Math.min(temper.spanMs, acts.at(-1)?.atMs ?? 0));
  const options = optionsOf(random.of('options'), temper);
  return { seed, options, ...aroundDeployment({ acts, faults }, random.of('deployment')) };
}

/**
 * Between two deployments nothing happens for a quarter of an hour, and often the same after one: what follows is for code of which no
 * earlier version runs any more.
 */
function aroundDeployment(
  plan: Pick<Plan, 'acts' | 'faults'>,
  random: Random,
): Pick<Plan, 'acts' | 'faults'> {
  const deployment = plan.faults.find((fault) => fault.kind === 'rolling-deploy');
  if (deployment === undefined || !(deployment.readersFirst || random.chance(0.5))) return plan;
  const endMs = firstPhaseEndMs(deployment);
  return {
    acts: plan.acts.map((act) => (act.atMs < endMs ? act : { ...act, atMs: act.atMs + oldGoneMs })),
    faults: plan.faults
      .map((fault) => (fault.fromMs < endMs ? fault : { ...fault, fromMs: fault.fromMs + oldGoneMs }))
      .toSorted((one, other) => one.fromMs - other.fromMs),
  };
}

function temperOfPlan(random: Random): Temper {
  const temper = temperOf(random);
  const focus = focusOf(random);
  return focus === undefined ? temper : focused(random.of('focused'), focus, temper);
}

/** What the history of a seed is about, if it is about a rare combination. */
export function focusOfSeed(seed: number): Focus | undefined {
  return focusOf(new Random(seed, 'plan').of('temper'));
}

function optionsOf(random: Random, { longStreamEvents, has }: Temper): PlanOptions {
  const pageBytes = Math.round(pageMinBytes * (pageMaxBytes / pageMinBytes) ** random.next());
  return {
    snapshotThreshold: random.between(3, 20),
    apiInstances: random.between(1, 4) + (has.has('rushes') ? rushInstances : 0),
    // A long stream in pages of two commits each would cost more than a hundred other histories.
    pageBytes: longStreamEvents > 0 ? pageMaxBytes : pageBytes,
    shards: random.between(1, 3),
    projectorsPerShard: random.chance(0.3) ? random.between(2, 4) : 1,
    eventFilters: random.chance(0.3),
    longStreamEvents,
  };
}
