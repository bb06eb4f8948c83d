import { CfnResource, Validations } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** A rule, and the path of the construct that it applies to. */
export interface RuleAt {
  readonly rule: string;
  readonly path: string;
}

export interface NagResult {
  /** The paths of the resources that each pack has checked. */
  readonly checked: Readonly<Record<string, readonly string[]>>;
  /** Everything that the packs find, acknowledged or not. */
  readonly findings: readonly RuleAt[];
  /** What the packs report: findings that are not acknowledged. */
  readonly reported: readonly RuleAt[];
}

/** The packs about good practice, which every stage follows. */
export const practicePacks = [AwsSolutionsChecks, ServerlessChecks] as const;

/** The packs about standards for personal data, which stages with real data follow. */
export const standardPacks = [HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks] as const;

/** What the ids of a pack's rules begin with. */
export const prefixes: Readonly<Record<string, string>> = {
  AwsSolutionsChecks: 'AwsSolutions-',
  ServerlessChecks: 'Serverless-',
  HIPAASecurityChecks: 'HIPAA.Security-',
  NIST80053R5Checks: 'NIST.800.53.R5-',
  PCIDSS321Checks: 'PCI.DSS.321-',
};

/** Runs packs on all resources of a construct tree. */
export function runNag(scope: IConstruct, packs: readonly (new () => NagPack)[]): NagResult {
  const checked: Record<string, string[]> = {};
  const findings: RuleAt[] = [];
  const reported: RuleAt[] = [];
  for (const Pack of packs) {
    const paths: string[] = [];
    checked[Pack.name] = paths;
    reported.push(...violationsOf(new Pack(), scope));
    findings.push(...violationsOf(withoutAcknowledgments(new Pack(), paths), scope));
  }
  return { checked, findings, reported };
}

/** The paths of all resources of a construct tree. */
export function resourcePaths(scope: IConstruct): string[] {
  return scope.node
    .findAll()
    .filter((node) => CfnResource.isCfnResource(node))
    .map(({ node }) => node.path);
}

/** The findings that the constructs of a tree acknowledge. */
export function acknowledgments(scope: IConstruct): (RuleAt & { readonly reason: string })[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, unknown>))
      .map(([id, reason]) => ({
        rule: id.replace(/^annotation::/i, ''),
        path: node.path,
        reason: typeof reason === 'string' ? reason : JSON.stringify(reason),
      })),
  );
}

/** Whether an acknowledgment of one construct covers a finding: at that construct, or below it. */
export function covers(accepted: RuleAt, finding: RuleAt): boolean {
  return accepted.rule === finding.rule && `${finding.path}/`.startsWith(`${accepted.path}/`);
}

/** The pack then ignores acknowledgments and adds the resources that it checks to `paths`. It replaces internal methods. */
function withoutAcknowledgments(pack: NagPack, paths: string[]): NagPack {
  const { checkResource } = pack as unknown as { checkResource(resource: CfnResource): void };
  return Object.assign(pack, {
    isAcknowledged: () => false,
    checkResource(resource: CfnResource) {
      paths.push(resource.node.path);
      checkResource.call(pack, resource);
    },
  });
}

function violationsOf(pack: NagPack, scope: IConstruct): RuleAt[] {
  return pack
    .validateScope(scope)
    .violations.flatMap(({ ruleName: rule, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule, path: String(constructPath) })),
    );
}
