// Composes the parts of the graph.

import { GraphQLError, Kind, print } from "graphql";
import { composeServices } from "@theguild/federation-composition";

import { Misfit } from "./problem.js";
import { schemaDocument } from "./read.js";
import { built } from "./schema.js";

/** Takes name, address and text of each part, one after the other. */
export function compose(texts) {
  const parts = [];
  for (let i = 0; i < texts.length; i += 3) {
    parts.push({ name: texts[i], url: texts[i + 1], typeDefs: part(texts[i], texts[i + 2]) });
  }
  const composed = fitted(parts);
  const api = apiDocument(composed.publicDocumentNode);
  // The composition looks at federation first: what clients see must be a schema by itself.
  built(api);
  return { supergraph: composed.supergraphSdl, api_schema: print(api) };
}

function fitted(parts) {
  let composed;
  try {
    composed = composeServices(parts);
  } catch (error) {
    // So it says what it did not expect of a document. Faults of the engine are of other classes.
    if (error?.constructor === Error) {
      throw new Misfit([error]);
    }
    throw error;
  }
  if (composed.errors) {
    throw new Misfit(composed.errors);
  }
  return composed;
}

/** What clients see. A member of a union that they do not see is still named in it. */
function apiDocument(document) {
  const seen = new Set(document.definitions.map((node) => node.name?.value));
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.UNION_TYPE_DEFINITION
      ? { ...node, types: node.types.filter((type) => seen.has(type.name.value)) }
      : node,
  );
  return { ...document, definitions };
}

function part(name, text) {
  try {
    return schemaDocument(text);
  } catch (error) {
    if (error instanceof GraphQLError) {
      error.message = `${name}: ${error.message}`;
    }
    throw error;
  }
}
