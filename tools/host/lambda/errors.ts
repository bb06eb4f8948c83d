/** What the Lambda API refuses before a function sees it. The codes are AWS's. */
export class InvocationRefused extends Error {
  override readonly name = 'InvocationRefused';
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, statusCode: number, message: string) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}
