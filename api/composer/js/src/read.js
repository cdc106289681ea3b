// Reads what was written by others.

import { GraphQLError, isTypeSystemDefinitionNode, isTypeSystemExtensionNode, parse, Source } from "graphql";

/**
 * More than any part of the graph that people write: ours has 11,000. What is kept of each is most of the
 * memory that reading takes.
 */
const TOKENS = 100_000;

/** Reads any document. PostgreSQL keeps no NUL in a text, so none is let in. */
export function document(text, options) {
  const source = new Source(text);
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    throw new GraphQLError("a NUL character stands here", { source, positions: [nul] });
  }
  return parse(source, { maxTokens: TOKENS, ...options });
}

/** Reads a document that defines a schema, or a part of one, and does nothing else. */
export function schemaDocument(text, options) {
  const read = document(text, options);
  for (const definition of read.definitions) {
    if (!isTypeSystemDefinitionNode(definition) && !isTypeSystemExtensionNode(definition)) {
      throw new GraphQLError("an operation or a fragment stands in a schema", { nodes: [definition] });
    }
  }
  return read;
}
