import type { Api } from './api.ts';
import { AccountBook } from './books.ts';
import {
  type CommandOptions,
  closingCommand,
  type LedgerCommand,
  movementCommand,
  openingRequest,
  outcomeOf,
  type RefusalCode,
} from './ledger-commands.ts';
import { accountPlan, ledgerSteps, type Step } from './ledger-plan.ts';
import { described, type Expectation, LedgerTeller } from './ledger-teller.ts';
import { catchUpLedger, verifyLedger } from './ledger-verify.ts';
import { currencies, toMinorUnits } from './money.ts';
import type { Tally } from './tally.ts';
import type { CatchUp, Workload } from './workload.ts';

export interface LedgerWorkloadOptions {
  readonly seed: number;
  /** In every account's id and every key: the same seed can run again on the same system. */
  readonly run: string;
  readonly accounts: number;
  readonly tally: Tally;
}

/** More minor units than the accounts of a run can ever hold. */
const impossibleAmount = 10 ** 13;

/** Accounts of several currencies, a few of them hot, with books on each. */
export class LedgerWorkload implements Workload {
  readonly name = 'ledger';
  readonly #options: LedgerWorkloadOptions;
  readonly #steps: Generator<Step, never>;
  readonly #accounts = new Map<number, Promise<AccountBook | undefined>>();
  readonly #books: AccountBook[] = [];
  readonly #teller: LedgerTeller;
  #keys = 0;

  constructor(options: LedgerWorkloadOptions) {
    this.#options = options;
    this.#teller = new LedgerTeller(options.tally);
    this.#steps = ledgerSteps(options.seed, options.accounts);
  }

  get eventCount(): number {
    return this.#teller.eventCount;
  }

  get scale(): string {
    return `${this.#options.accounts} accounts`;
  }

  get holdings(): string {
    const entries = this.#books.reduce((sum, book) => sum + book.entryCount, 0);
    return `${this.#opened().length} accounts with ${entries} entries`;
  }

  async step(api: Api): Promise<void> {
    const step = this.#steps.next().value;
    const book = await this.#account(api, step.account);
    if (!book) return;
    // Only a credit opens an account; until one has, every step is one.
    if (!book.isOpen) return this.#move(api, step, book, 'credit');
    switch (step.kind) {
      case 'credit':
      case 'debit':
        return this.#move(api, step, book, step.kind);
      case 'transfer':
        return this.#transfer(api, step, book);
      case 'brief-account':
        return this.#briefAccount(api, step);
      case 'repeat':
        return this.#teller.repeat(api, step.earlier);
      case 'reused-key':
        return this.#teller.reuseKey(api, step.earlier);
      case 'fresh-read':
        return this.#readFresh(api, book);
      default:
        return this.#refused(api, step, step.kind, book);
    }
  }

  catchUp(api: Api): Promise<CatchUp> {
    return catchUpLedger(api, this.#opened());
  }

  verify(api: Api, onCompared: (done: number, total: number) => void): Promise<string[]> {
    return verifyLedger(api, this.#opened(), onCompared);
  }

  #opened(): AccountBook[] {
    return this.#books.filter(({ isOpen }) => isOpen);
  }

  /** The account with this index; the first to ask for one that is opened by request opens it, the others wait. */
  #account(api: Api, index: number): Promise<AccountBook | undefined> {
    let account = this.#accounts.get(index);
    if (!account) {
      account = this.#newAccount(api, index);
      this.#accounts.set(index, account);
    }
    return account;
  }

  async #newAccount(api: Api, index: number): Promise<AccountBook | undefined> {
    const { currency, openedBy, name, overdraftLimitMinorUnits: overdraftLimit } = accountPlan(index);
    const terms = { currency, name, overdraftLimit };
    if (openedBy === 'credit') return this.#keep(new AccountBook(this.#newKey(), terms));
    const request = openingRequest(terms, this.#newKey());
    const outcome = outcomeOf(await api.send(request), currency);
    if (typeof outcome === 'string' || outcome.kind === 'refused') {
      this.#options.tally.noteUnexpected(`Opening an account was answered ${described(outcome)}.`);
      return undefined;
    }
    const book = this.#keep(new AccountBook(outcome.id, terms));
    this.#teller.noteOpened(book, outcome);
    return book;
  }

  #keep(book: AccountBook): AccountBook {
    this.#books.push(book);
    return book;
  }

  async #move(api: Api, step: Step, book: AccountBook, kind: 'credit' | 'debit'): Promise<void> {
    const options = this.#commandOptions(step, book);
    const command = movementCommand(book, kind, amountOf(step, book), options);
    await this.#teller.carryOut(api, command, this.#expectationOf(step, options, kind === 'debit'));
  }

  async #transfer(api: Api, step: Step, book: AccountBook): Promise<void> {
    const receiver = await this.#account(api, step.other);
    if (!receiver) return;
    if (!receiver.isOpen) return this.#move(api, step, receiver, 'credit');
    const options = this.#commandOptions(step, book);
    const command = movementCommand(book, 'transfer-sent', amountOf(step, book), { ...options, receiver });
    await this.#teller.carryOut(api, command, this.#expectationOf(step, options, true));
  }

  #commandOptions(step: Step, book: AccountBook): CommandOptions {
    const ifMatchVersion = step.ifMatch && book.isOpen ? book.version : undefined;
    return { key: this.#newKey(), amountAsText: step.amountAsText, ifMatchVersion };
  }

  #expectationOf(step: Step, { ifMatchVersion }: CommandOptions, takesMoney: boolean): Expectation {
    const refusals: RefusalCode[] = [];
    if (takesMoney) refusals.push('ledger/insufficient-funds');
    if (ifMatchVersion !== undefined) refusals.push('version-mismatch');
    return { mayBeDone: true, refusals, twice: step.twice };
  }

  /** Opened, emptied and closed by one client: each command's outcome is certain. */
  async #briefAccount(api: Api, step: Step): Promise<void> {
    const { currency } = accountPlan(step.account);
    const book = this.#keep(new AccountBook(this.#newKey(), { currency, overdraftLimit: 0 }));
    const amount = amountOf(step, book);
    const done: Expectation = { mayBeDone: true, refusals: [], twice: step.twice };
    const options = (ifMatchVersion?: number) => ({ key: this.#newKey(), ifMatchVersion });
    await this.#teller.carryOut(api, movementCommand(book, 'credit', amount, options()), done);
    await this.#teller.carryOut(api, movementCommand(book, 'debit', amount, options(2)), done);
    await this.#teller.carryOut(api, closingCommand(book, options(3)), done);
    const late = movementCommand(book, 'credit', amount, options());
    await this.#teller.carryOut(api, late, { mayBeDone: false, refusals: ['ledger/closed'] });
  }

  /** The steps that have to be refused whatever the account holds. */
  async #refused(
    api: Api,
    step: Step,
    kind: Exclude<
      Step['kind'],
      'credit' | 'debit' | 'transfer' | 'brief-account' | 'repeat' | 'reused-key' | 'fresh-read'
    >,
    book: AccountBook,
  ): Promise<void> {
    const refusedWith = (command: LedgerCommand, ...refusals: RefusalCode[]) =>
      this.#teller.carryOut(api, command, { mayBeDone: false, refusals });
    const options = { key: this.#newKey(), amountAsText: step.amountAsText };
    const { terms } = book;
    switch (kind) {
      case 'impossible-debit': {
        const command = movementCommand(book, 'debit', impossibleAmount, options);
        return refusedWith(command, 'ledger/insufficient-funds');
      }
      case 'too-many-decimals': {
        const command = movementCommand(book, 'credit', 1, options);
        const amount = `0.${'0'.repeat(currencies[terms.currency].decimals)}1`;
        const request = { ...command.request, body: { amount } };
        return refusedWith({ ...command, request }, 'ledger/too-many-decimals');
      }
      case 'currency-mismatch': {
        const receiver = await this.#account(api, (step.account + 1) % this.#options.accounts);
        if (!receiver?.isOpen || receiver.terms.currency === terms.currency) return;
        const command = movementCommand(book, 'transfer-sent', 1, { ...options, receiver });
        return refusedWith(command, 'ledger/currency-mismatch', 'ledger/insufficient-funds');
      }
      case 'unknown-account': {
        const nobody = new AccountBook(this.#newKey(), terms);
        return refusedWith(
          movementCommand(nobody, 'debit', amountOf(step, book), options),
          'ledger/not-found',
        );
      }
      case 'stale-version': {
        const command = movementCommand(book, 'credit', amountOf(step, book), {
          ...options,
          ifMatchVersion: book.version - 1,
        });
        return refusedWith(command, 'version-mismatch');
      }
    }
  }

  /** Everything acknowledged before must be there; where nothing else is under way, nothing more. */
  async #readFresh(api: Api, book: AccountBook): Promise<void> {
    const { version, balance } = book;
    const wasQuiet = book.turns.watch();
    const path = `/ledger/${book.id}`;
    const { status, body } = await api.send({
      method: 'GET',
      path,
      headers: { 'cache-control': 'no-cache' },
    });
    const isQuiet = wasQuiet();
    const { tally } = this.#options;
    tally.freshReads += 1;
    const seen = (typeof body === 'object' ? body : undefined) as
      | { version?: unknown; balance?: unknown }
      | undefined;
    const seenVersion = Number(seen?.version);
    const isCurrent = isQuiet
      ? seenVersion === version && toMinorUnits(seen?.balance, book.terms.currency) === balance
      : seenVersion >= version;
    if (status === 200 && isCurrent) return;
    tally.noteUnexpected(
      `GET ${path} with no-cache at version ${version} was ${status} ${JSON.stringify(body)}.`,
    );
  }

  /** Serves as key and as id alike: neither is ever used twice. */
  #newKey(): string {
    this.#keys += 1;
    return `traffic-${this.#options.run}-${this.#keys}`;
  }
}

function amountOf({ fraction }: Step, { terms }: AccountBook): number {
  return Math.ceil(fraction * currencies[terms.currency].usualMinorUnits);
}
