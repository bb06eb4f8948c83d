import { accountId, region } from '../aws-json.ts';
import { UserError } from '../user-error.ts';

/** What references resolve to. Both throw when they know nothing by that name. */
export interface Scope {
  ref(name: string): string;
  attribute(logicalId: string, name: string): string;
}

const pseudoParameters: Record<string, string> = {
  'AWS::AccountId': accountId,
  'AWS::Region': region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'local',
  'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/local/local`,
};

/** What `AWS::NoValue` resolves to: the property that has it is left out. */
const noValue = Symbol('AWS::NoValue');

/** A value of a template with its intrinsic functions replaced by what they stand for. */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => resolveValue(element, scope)).filter((element) => element !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && isIntrinsic(only[0])) {
    return resolveIntrinsic(only[0], only[1], scope);
  }
  return Object.fromEntries(
    entries
      .map(([key, element]) => [key, resolveValue(element, scope)] as const)
      .filter(([, element]) => element !== noValue),
  );
}

/** The logical ids, parameters and pseudo parameters that a value of a template refers to. */
export function referencesIn(value: unknown): string[] {
  const found: string[] = [];
  const record = (name: string) => {
    found.push(name);
    return '';
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (Array.isArray(node) || typeof node !== 'object' || node === null) return;
    for (const [key, element] of Object.entries(node)) {
      if (key === 'Ref') found.push(String(element));
      else if (key === 'Fn::GetAtt') found.push(attributePath(element)[0]);
      else if (key === 'Fn::Sub') substitute(element, { ref: record, attribute: record });
      visit(element);
    }
  };
  visit(value);
  return found;
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

function resolveIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? noValue : ref(String(argument), scope);
    case 'Fn::GetAtt':
      return scope.attribute(...attributePath(argument));
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, parts] = list(name, argument, scope);
      return (parts as unknown[]).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, values] = list(name, argument, scope);
      return (values as unknown[])[Number(index)];
    }
    case 'Fn::Split': {
      const [separator, text] = list(name, argument, scope);
      return String(text).split(String(separator));
    }
    default:
      throw new UserError(`The template uses ${name}, unknown here: add it to local/template/intrinsics.ts.`);
  }
}

function ref(name: string, scope: Scope): string {
  return pseudoParameters[name] ?? scope.ref(name);
}

function attributePath(argument: unknown): [logicalId: string, attribute: string] {
  const [logicalId = '', ...attribute] = Array.isArray(argument) ? argument : String(argument).split('.');
  return [logicalId, attribute.join('.')];
}

function list(name: string, argument: unknown, scope: Scope): unknown[] {
  const resolved = resolveValue(argument, scope);
  if (Array.isArray(resolved) && resolved.length === 2) return resolved;
  throw new UserError(`The template calls ${name} with something other than two values.`);
}

/** `${Name}`, `${Id.Attribute}`, `${!Literal}`, and variables of its own when the argument is a list. */
function substitute(argument: unknown, scope: Scope): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  return String(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(variables, name)) return String(resolveValue(variables[name], scope));
    return name.includes('.') ? scope.attribute(...attributePath(name)) : ref(name, scope);
  });
}
