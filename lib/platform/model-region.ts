/** The regions of a geography of inference profiles. */
interface Geography {
  readonly has: RegExp;
  /** Its regions, each as in an ARN of a policy. */
  readonly arnPatterns: readonly string[];
}

/**
 * The geographies whose inference profiles process a request in one of their own regions, and nowhere else.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
 */
const geographies: Readonly<Record<string, Geography>> = {
  us: { has: /^us-(?:east|west)-\d$/, arnPatterns: ['us-*'] },
  'us-gov': { has: /^us-gov-/, arnPatterns: ['us-gov-*'] },
  ca: { has: /^ca-/, arnPatterns: ['ca-*'] },
  eu: { has: /^eu-(?!iso)/, arnPatterns: ['eu-*'] },
  apac: { has: /^ap-/, arnPatterns: ['ap-*'] },
  jp: { has: /^ap-northeast-[13]$/, arnPatterns: ['ap-northeast-1', 'ap-northeast-3'] },
  au: { has: /^ap-southeast-[24]$/, arnPatterns: ['ap-southeast-2', 'ap-southeast-4'] },
};

/** An inference profile, by its id: a geography, then the id of a model. No provider of models has a name of two letters. */
export interface InferenceProfile {
  readonly geography: string;
  readonly modelId: string;
}

/** The inference profile with this id. Undefined: it is the id of a model, which is called in the region of the stack. */
export function inferenceProfile(id: string): InferenceProfile | undefined {
  const [, geography, modelId] = /^(us-gov|apac|global|[a-z]{2})\.(.+)$/.exec(id) ?? [];
  return geography === undefined || modelId === undefined ? undefined : { geography, modelId };
}

/** The regions in which a profile may call its model, each as in an ARN of a policy. Throws for an unknown geography. */
export function regionsOf({ geography }: InferenceProfile): readonly string[] {
  const known = geographies[geography];
  if (known === undefined) throw new RangeError(`There is no geography ${geography}.`);
  return known.arnPatterns;
}

/**
 * Why a model must not read documents of a stack in this region: they would leave its geography, and they are health data.
 * Undefined: it may.
 */
export function modelProblem(id: string, region: string | undefined): string | undefined {
  const profile = inferenceProfile(id);
  if (profile === undefined) return undefined;
  if (region === undefined) {
    return `The inference profile "${id}" needs a stack whose region is known: set "environment". The synthesis then checks that documents stay in the geography of that region.`;
  }
  if (geographies[profile.geography]?.has.test(region)) return undefined;
  const own = Object.keys(geographies).filter((name) => geographies[name]?.has.test(region));
  const choices = [...own.map((name) => `"${name}.${profile.modelId}"`), `"${profile.modelId}"`].join(' or ');
  return `The inference profile "${id}" can send documents, which are health data, to other parts of the world than the one of ${region}: choose ${choices}, if Bedrock has it there.`;
}
