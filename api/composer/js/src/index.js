// The calls that the host makes. Each takes a list of texts and gives back one text of JSON: `answer`,
// `syntax` or `problems`. What is thrown beyond these is a fault of the engine and goes to the host.

import "./world.js"; // before the libraries, which look at it as they begin

import { GraphQLError } from "graphql";

import { changes } from "./changes.js";
import { compose } from "./compose.js";
import { outline } from "./outline.js";
import { Misfit, short } from "./problem.js";
import { schemaDocument } from "./read.js";
import { same } from "./same.js";
import { validate } from "./validate.js";

const calls = {
  parse: ([text]) => outline(schemaDocument(text)),
  compose,
  changes,
  validate,
  same,
};

export async function call(name, texts) {
  try {
    return JSON.stringify({ answer: await calls[name](texts) });
  } catch (error) {
    if (error instanceof Misfit) {
      return JSON.stringify({ problems: error.problems });
    }
    if (error instanceof GraphQLError && error.locations?.length) {
      return JSON.stringify({ syntax: { message: short(error.message), at: error.locations[0] } });
    }
    throw error;
  }
}
