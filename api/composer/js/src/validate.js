// What is wrong with operations under an API schema.

import { GraphQLError, validate as check } from "graphql";

import { problem } from "./problem.js";
import { document } from "./read.js";
import { schema } from "./schema.js";

/** Takes the schema, then each operation. */
export function validate([text, ...operations]) {
  const under = schema(text);
  return operations.map((operation) => errorsOf(under, operation).map(placed));
}

function errorsOf(schema, operation) {
  try {
    return check(schema, document(operation));
  } catch (error) {
    if (error instanceof GraphQLError) {
      return [error];
    }
    throw error;
  }
}

function placed(error) {
  return { ...problem(error), at: error.locations?.[0] };
}
