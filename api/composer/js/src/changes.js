// What changes from one API schema to another.

import { diff } from "@graphql-inspector/core";

import { short } from "./problem.js";
import { schema } from "./schema.js";

const CRITICALITY = { BREAKING: "BREAKING", DANGEROUS: "DANGEROUS", NON_BREAKING: "SAFE" };

export async function changes([before, after]) {
  const found = await diff(schema(before), schema(after));
  return found.map(({ type, path, message, criticality }) => ({
    kind: type,
    path: path ?? "",
    message: short(message),
    criticality: CRITICALITY[criticality.level],
  }));
}
