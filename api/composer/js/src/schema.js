// A schema without its federation, ready to be asked.

import { buildASTSchema, validateSchema } from "graphql";
import { validateSDL } from "graphql/validation/validate.mjs";

import { Misfit } from "./problem.js";
import { schemaDocument } from "./read.js";

/** Reads what we composed, which may be larger than what one party writes. */
export function schema(text) {
  return built(schemaDocument(text, { maxTokens: undefined }));
}

/** The schema of a document, if it is a good one. */
export function built(document) {
  refuse(validateSDL(document));
  const made = buildASTSchema(document, { assumeValidSDL: true });
  refuse(validateSchema(made));
  return made;
}

function refuse(errors) {
  if (errors.length) {
    throw new Misfit(errors);
  }
}
