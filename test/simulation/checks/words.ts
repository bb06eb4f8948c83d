import type { Attempt, Operation, PersonCommand, RecordedCommit } from '../history.ts';

/** "ann: credit 5.00 to acc-3 (key k17)" */
export function wordsOf({ who, command, key }: Operation): string {
  const withKey = key === undefined ? '' : ` (key ${key})`;
  return `${who}: ${command.context} ${commandWords(command)}${withKey}`;
}

function commandWords(command: PersonCommand): string {
  const { id } = command;
  switch (command.do) {
    case 'open':
      return `open ${id} in ${command.currency}`;
    case 'credit':
      return `credit ${command.amount} to ${id}`;
    case 'debit':
      return `debit ${command.amount} from ${id}`;
    case 'transfer':
      return `transfer ${command.amount} from ${id} to ${command.to}`;
    case 'set-target':
      return `set target ${command.direction} ${command.value} by ${command.deadline} of ${id}`;
    case 'record':
      return `record ${command.values.join(', ')} for ${id}`;
    case 'add-drugs':
      return `add ${command.drugs.length} drugs to ${id}`;
    default:
      return `${command.do} ${id}`;
  }
}

/** "answer 2 (unchanged, version 4)": `index` counts from 0. */
export function answerWords({ answer }: Attempt, index: number): string {
  return `answer ${index + 1} (${outcomeWords(answer)})`;
}

function outcomeWords(answer: Attempt['answer']): string {
  switch (answer.outcome) {
    case 'refused':
    case 'failed':
      return `${answer.outcome}: ${answer.code}`;
    case 'unanswered':
      return `no answer: ${answer.reason}`;
    default:
      return `${answer.outcome}${answer.repeated ? ', repeated' : ''}, version ${answer.version}`;
  }
}

/** "Ledger:Opened, Ledger:Credited at version 1 of ledger/acc-3" */
export function commitWords({ stream, version, events }: RecordedCommit): string {
  return `${events.map(({ type }) => type).join(', ')} at version ${version} of ${stream}`;
}

/** Values for people: `balance "5.00"`. */
export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
