// The graph of `schema.graphql`, which is also what is executed. A library for subgraphs would add
// the two fields of federation; they are written out here, since such a library's `_entities` may
// fail as a whole at one representation that it cannot read.

import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';

interface Commune {
  code: string;
  validFrom: string;
}

interface Page extends Commune {
  address: string;
  visits: number;
  asOf: string;
}

const beside = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const sdl = beside('schema.graphql');
const pages: Page[] = JSON.parse(beside('data.json'));
// A code may be used again: a unit is meant by its code together with its first day.
const key = ({ code, validFrom }: Commune) => `${code} ${validFrom}`;
const byCommune = new Map(pages.map((page) => [key(page), page]));

const federation = `
  directive @key(fields: String!) on OBJECT
  directive @link(url: String!, import: [String!]) on SCHEMA
  scalar _Any
  union _Entity = Commune
  type _Service { sdl: String! }
  type Query {
    _service: _Service!
    _entities(representations: [_Any!]!): [_Entity]!
  }
  schema { query: Query }
`;

/** What is known of a commune; an error, which nulls this one alone, for what is none. */
function entity(representation: unknown) {
  if (!isCommune(representation)) return new GraphQLError('this is no key of a commune');
  const viduweb = byCommune.get(key(representation));
  return viduweb && { __typename: 'Commune', ...representation, viduweb };
}

function isCommune(value: unknown): value is Commune {
  const commune = Object(value);
  return (
    commune.__typename === 'Commune' &&
    typeof commune.code === 'string' &&
    typeof commune.validFrom === 'string'
  );
}

export const schema = createSchema({
  typeDefs: [federation, sdl],
  resolvers: {
    Query: {
      _service: () => ({ sdl }),
      _entities: (_: unknown, { representations }: { representations: unknown[] }) =>
        representations.map(entity),
    },
  },
});
