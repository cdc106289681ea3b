// Values of a document as JSON.

import { GraphQLError, Kind } from "graphql";

/** As deep as a value may be: whoever reads the JSON has a limit too. */
const DEPTH = 64;

/**
 * An enum's value is a string; so is a number that JSON would not carry exactly.
 */
export function value(node, depth = 0) {
  if (depth > DEPTH) {
    throw new GraphQLError("this value is nested too deeply", { nodes: [node] });
  }
  switch (node.kind) {
    case Kind.INT:
      return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : node.value;
    case Kind.FLOAT:
      return Number.isFinite(Number(node.value)) ? Number(node.value) : node.value;
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((each) => value(each, depth + 1));
    case Kind.OBJECT: {
      // Without a prototype `__proto__` is a name like any other.
      const object = Object.create(null);
      for (const field of node.fields) {
        object[field.name.value] = value(field.value, depth + 1);
      }
      return object;
    }
    default:
      return node.value;
  }
}
