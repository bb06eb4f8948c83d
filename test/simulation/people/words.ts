import type { CommandAnswer, PersonCommand } from '../history.ts';

/** What a person does, in words: "credits 5 to acc-3". */
export function commandWords(command: PersonCommand): string {
  const { id } = command;
  switch (command.do) {
    case 'open': {
      const { currency, overdraftLimit } = command;
      const limit = overdraftLimit === '0' ? '' : ` and an overdraft limit of ${overdraftLimit}`;
      return `opens ${id} in ${currency}${limit}`;
    }
    case 'credit':
      return `credits ${command.amount} to ${id}`;
    case 'debit':
      return `debits ${command.amount} from ${id}`;
    case 'transfer':
      return `transfers ${command.amount} from ${id} to ${command.to}`;
    case 'create':
      return `creates ${id}, named ${command.name}`;
    case 'set-target': {
      const { direction, value, deadline } = command;
      return `sets a target of ${direction.replace('-', ' ')} ${value} for ${id} by ${deadline}`;
    }
    case 'record':
      return `records ${command.values.join(', ')} for ${id}`;
    case 'upload':
      return `uploads ${command.document} to ${id}`;
    case 'add-page':
      return `adds the page ${command.document} to ${id}`;
    case 'confirm':
      return `confirms the analysis ${command.analysis} of ${id}`;
    case 'add-patient':
    case 'correct-patient': {
      const { name, identifier = 'no identifier' } = command;
      return command.do === 'add-patient'
        ? `adds patient ${name} (${identifier}) to ${id}`
        : `corrects the patient of ${id}: ${name} (${identifier})`;
    }
    case 'add-drugs':
      return `adds ${command.drugs.join(', ')} to ${id}${seenWords(command)}`;
    case 'close':
    case 'archive':
    case 'start':
    case 'complete':
    case 'cancel':
      return `${verbs[command.do]} ${id}`;
    default:
      return command satisfies never;
  }
}

function seenWords({ analysis }: { readonly analysis?: string }): string {
  return analysis === undefined ? '' : `, having seen the analysis ${analysis}`;
}

const verbs = {
  close: 'closes',
  archive: 'archives',
  start: 'starts',
  complete: 'completes',
  cancel: 'cancels',
} as const;

/** What a person is told, in words: "is told: version 4, balance 12.50". */
export function answerWords(answer: CommandAnswer): string {
  switch (answer.outcome) {
    case 'changed': {
      const facts = [`version ${answer.version}`, ...bodyWords(answer.body)];
      return `is told: ${facts.join(', ')}${answer.repeated ? ' (was done before)' : ''}`;
    }
    case 'unchanged':
      return `is told: nothing to do, version ${answer.version}`;
    case 'refused':
      return `is refused: ${answer.code}`;
    case 'failed':
      return `is told that it failed: ${answer.code}`;
    case 'unanswered':
      return `gets no answer: ${answer.reason}`;
    default:
      return answer satisfies never;
  }
}

/** What a row says, in words. */
export function rowWords(
  found: { readonly version: number; readonly row: Readonly<Record<string, unknown>> } | undefined,
): string {
  if (found === undefined) return 'nothing there';
  const { balance, ...rest } = found.row;
  // Rows have minor units.
  const money = typeof balance === 'number' ? { balance: moneyText(balance, rest['currency']) } : {};
  return [`version ${found.version}`, ...bodyWords({ ...rest, ...money })].join(', ');
}

/** Minor units as a decimal. The plan has no currencies with other decimals. */
function moneyText(minorUnits: number, currency: unknown): string {
  const decimals = currency === 'JPY' ? 0 : currency === 'BHD' ? 3 : 2;
  return (minorUnits / 10 ** decimals).toFixed(decimals);
}

function bodyWords({ balance, status }: Readonly<Record<string, unknown>>): string[] {
  return [
    ...(isPlain(balance) ? [`balance ${balance}`] : []),
    ...(isPlain(status) && status !== 'open' ? [`${status}`] : []),
  ];
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
