import { accountId, region } from '../aws-json.ts';
import { UserError } from '../user-error.ts';

/** Resolves references. Both functions throw for an unknown name. */
export interface Scope {
  ref(name: string): string;
  attribute(logicalId: string, name: string): string;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': accountId,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * A value of a template with its intrinsic functions resolved.
 * @throws {UserError} naming an intrinsic function or a pseudo parameter that the host does not support.
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((element) => resolveValue(element, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return resolveIntrinsic(name, argument, scope);
  }
  return Object.fromEntries(entries.map(([key, element]) => [key, resolveValue(element, scope)]));
}

/** The logical ids that a value of a template refers to. */
export function referencesIn(value: unknown): string[] {
  const found: string[] = [];
  const record = (logicalId: string) => {
    found.push(logicalId);
    return '';
  };
  resolveValue(value, { ref: record, attribute: record });
  return found;
}

function resolveIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return ref(String(argument), scope);
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = argument as [string, string];
      return scope.attribute(logicalId, attribute);
    }
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, (_, reference: string) => ref(reference, scope));
    case 'Fn::Join': {
      const [separator, parts] = resolveValue(argument, scope) as [string, unknown[]];
      return parts.join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = resolveValue(argument, scope) as [string, string];
      return text.split(separator);
    }
    case 'Fn::Select': {
      const [index, parts] = resolveValue(argument, scope) as [number, unknown[]];
      // A resource without an effect has no ARN, so a part of it is missing here.
      return parts[index] ?? '';
    }
    default:
      throw new UserError(`the intrinsic function ${name} is not supported.`);
  }
}

function ref(name: string, scope: Scope): string {
  if (!name.startsWith('AWS::')) return scope.ref(name);
  const value = pseudoParameters[name];
  if (value !== undefined) return value;
  throw new UserError(`the pseudo parameter ${name} is not supported.`);
}
