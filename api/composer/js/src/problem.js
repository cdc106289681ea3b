// What does not fit, as it is told to the host.

/** As many as somebody mends at once. */
const PROBLEMS = 100;

/** Messages quote what was written, and a cycle can be told at any length. */
const CHARACTERS = 1_000;

/** Thrown where several schemas, or the parts of one, do not fit. */
export class Misfit extends Error {
  constructor(errors) {
    super("the schemas do not fit");
    this.problems = errors.slice(0, PROBLEMS).map(problem);
  }
}

/** A problem that a library found. */
export function problem(error) {
  return { code: error.extensions?.code ?? "", message: short(error.message) };
}

/** A message that is not too long. */
export function short(message) {
  return message.length > CHARACTERS ? `${message.slice(0, CHARACTERS).toWellFormed()}…` : message;
}
