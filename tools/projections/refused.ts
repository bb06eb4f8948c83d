/** A function refused a request, or this command may not go on. Nothing was changed. The message is a sentence for the user. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
