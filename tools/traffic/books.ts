import { type Currency, toDecimal } from './money.ts';
import { Turns } from './turns.ts';

/** What a command moved on the account it was sent to. Amounts in minor units, positive. */
export interface Movement {
  readonly kind: 'credit' | 'debit' | 'transfer-sent';
  readonly amount: number;
  /** The receiver of a transfer. */
  readonly counterparty?: string | undefined;
}

/** A movement at the version, and with the balance behind it, that the server acknowledged. */
export interface BookedMovement extends Movement {
  readonly version: number;
  readonly balance: number;
}

/** What another account's transfer brought: its version here is nowhere acknowledged. */
export interface Incoming {
  readonly from: string;
  readonly amount: number;
}

/** The server's answer to a command: where the account stands with it. */
export interface Acknowledgement {
  /** The command opened the account. */
  readonly created: boolean;
  readonly version: number;
  /** In minor units. */
  readonly balance: number;
}

export interface AccountTerms {
  readonly currency: Currency;
  readonly name?: string | undefined;
  /** In minor units. */
  readonly overdraftLimit: number;
}

/**
 * What one account must look like, from nothing but acknowledged commands. Balance and version do not depend on the order
 * in which acknowledgements arrive. What contradicts an earlier acknowledgement is kept in `findings`.
 */
export class AccountBook {
  readonly id: string;
  readonly terms: AccountTerms;
  readonly incoming: Incoming[] = [];
  /** The commands on the account that are under way. */
  readonly turns = new Turns();
  readonly #movements = new Map<number, BookedMovement>();
  readonly #findings: string[] = [];
  #openings = 0;
  #closings = 0;
  #movementCount = 0;
  #balance = 0;

  constructor(id: string, terms: AccountTerms) {
    this.id = id;
    this.terms = terms;
  }

  get isOpen(): boolean {
    return this.#openings > 0;
  }

  get status(): 'open' | 'closed' {
    return this.#closings > 0 ? 'closed' : 'open';
  }

  /** In minor units. */
  get balance(): number {
    return this.#balance;
  }

  /** Where the stream stands: every event of an account is an opening, a movement, a transfer received or a closing. */
  get version(): number {
    return this.#openings + this.#movementCount + this.incoming.length + this.#closings;
  }

  /** What acknowledgements said that cannot be. */
  get findings(): readonly string[] {
    return this.#findings;
  }

  /** Lines of the statement that there must be. */
  get entryCount(): number {
    return this.#movementCount + this.incoming.length;
  }

  movementAt(version: number): BookedMovement | undefined {
    return this.#movements.get(version);
  }

  opened(acknowledged: Acknowledgement): void {
    this.#openings += 1;
    const { version, balance, created } = acknowledged;
    if (this.#openings > 1) this.#find('was opened twice');
    if (!created || version !== 1 || balance !== 0) this.#find(`opened at ${this.#described(acknowledged)}`);
  }

  moved(movement: Movement, acknowledged: Acknowledgement): void {
    const { version, balance, created } = acknowledged;
    if (created) {
      this.#openings += 1;
      if (this.#openings > 1) this.#find('was opened twice');
      if (version !== 2) this.#find(`opened by its first credit at version ${version}, not 2`);
    }
    if (this.#movements.has(version)) {
      this.#find(`version ${version} was acknowledged to two commands`);
    } else {
      this.#movements.set(version, { ...movement, version, balance });
    }
    this.#movementCount += 1;
    this.#balance += movement.kind === 'credit' ? movement.amount : -movement.amount;
  }

  received(transfer: Incoming): void {
    this.incoming.push(transfer);
    this.#balance += transfer.amount;
  }

  closed(acknowledged: Acknowledgement): void {
    this.#closings += 1;
    if (acknowledged.version !== this.version || acknowledged.balance !== 0) {
      this.#find(`closed at ${this.#described(acknowledged)}; the books have version ${this.version}`);
    }
  }

  /**
   * Walks through the acknowledged balances in the order of their versions: neighbours have to differ by what was moved,
   * and between two that are no neighbours there have to be transfers from elsewhere.
   */
  orderFindings(): string[] {
    const found: string[] = [];
    let before = { version: this.#openings > 0 ? 1 : 0, balance: 0 };
    let left = this.incoming.length;
    for (const movement of [...this.#movements.values()].sort((a, b) => a.version - b.version)) {
      const between = movement.version - before.version - 1;
      const change = movement.kind === 'credit' ? movement.amount : -movement.amount;
      const brought = movement.balance - before.balance - change;
      left -= between;
      if (between === 0 ? brought !== 0 : brought < between) {
        const had = this.#described(before);
        found.push(
          `a ${movement.kind} of ${this.#decimal(movement.amount)} led from ${had} to ${this.#described(movement)}`,
        );
      }
      before = movement;
    }
    if (left < 0)
      found.push(`${-left} more versions than acknowledged commands up to version ${before.version}`);
    return found;
  }

  #described({ version, balance }: { version: number; balance: number }): string {
    return `version ${version} with ${this.#decimal(balance)}`;
  }

  #decimal(minorUnits: number): string {
    return toDecimal(minorUnits, this.terms.currency);
  }

  #find(finding: string): void {
    this.#findings.push(finding);
  }
}
