// A graph with the authorization directives of Federation on fields of it, which Hive Router counts
// where the schema links to what they mean, and ignores where it does not.
import { parse, print, visit } from 'graphql';

const SPECS = 'https://specs.apollo.dev';

const MEANING = `
  directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!)
    on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  scalar requiresScopes__Scope`;

const LINKS = `schema
  @link(url: "${SPECS}/authenticated/v0.1", for: SECURITY)
  @link(url: "${SPECS}/requiresScopes/v0.1", for: SECURITY) { query: Query }`;

/** `rules`: directives by the coordinate of their field. */
export function authorized(supergraph, rules, { linked }) {
  const left = new Map(Object.entries(rules));
  const directivesOf = (coordinate) => {
    const directives = left.get(coordinate);
    left.delete(coordinate);
    return directives ? parse(`type A { a: Int ${directives} }`).definitions[0].fields[0].directives : [];
  };
  const more = (node, directives) => ({ ...node, directives: [...node.directives, ...directives] });
  const document = visit(parse(`${supergraph}\n${MEANING}`), {
    SchemaDefinition: (node) => (linked ? more(node, parse(LINKS).definitions[0].directives) : node),
    ObjectTypeDefinition: (node) => ({
      ...node,
      fields: node.fields.map((field) =>
        more(field, directivesOf(`${node.name.value}.${field.name.value}`)),
      ),
    }),
  });
  if (left.size > 0) throw new Error(`the graph has no ${[...left.keys()].join(', ')}`);
  return print(document);
}
