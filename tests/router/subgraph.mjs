// Subgraphs that answer what they are asked, made of a schema and of what its fields are.
import { execute, parse, buildASTSchema, subscribe, validate } from 'graphql';

import { Server, say } from './wire.mjs';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@external", "@requires"])`;

const MACHINERY = `
  directive @key(fields: String!) repeatable on OBJECT
  directive @external on FIELD_DEFINITION
  directive @requires(fields: String!) on FIELD_DEFINITION
  scalar _Any`;

/** What a subgraph publishes. */
export function published(sdl) {
  return `${LINK}\n${sdl}`;
}

/** A subgraph: `roots` are its root fields, `entities` finds its objects by their type. */
export class Graph {
  constructor(sdl, roots, entities) {
    const union = `union _Entity = ${Object.keys(entities).join(' | ')}
      extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`;
    const document = parse(`${MACHINERY}\n${sdl}\n${union}`);
    this.schema = buildASTSchema(document, { assumeValidSDL: true });
    this.roots = {
      ...roots,
      _entities: ({ representations }) =>
        representations.map((one) => {
          const found = entities[one.__typename](one);
          return found && { __typename: one.__typename, ...found };
        }),
    };
  }

  /** Answers a query or a mutation as a server has to. */
  async run({ query, variables }, context) {
    const document = parse(query);
    const errors = validate(this.schema, document);
    if (errors.length > 0) return { errors };
    return execute({
      schema: this.schema,
      document,
      rootValue: this.roots,
      contextValue: context,
      variableValues: variables,
    });
  }

  /** The answers to a subscription, until they are returned. */
  async stream({ query, variables }, context) {
    const answers = await subscribe({
      schema: this.schema,
      document: parse(query),
      rootValue: this.roots,
      contextValue: context,
      variableValues: variables,
    });
    if (answers.errors) throw new Error(JSON.stringify(answers.errors));
    return answers;
  }
}

/** A partner, which keeps what it receives and refuses whoever has no statement for it. */
export class Partner extends Server {
  constructor(name, sdl, roots, entities) {
    super((request, response) => this.behaviour(request, response));
    this.name = name;
    this.sdl = sdl;
    this.graph = new Graph(sdl, roots, entities);
    this.behave();
  }

  /** Lets it answer by `behaviour`, or as it should. */
  behave(behaviour = (request, response) => this.properly(request, response)) {
    this.behaviour = behaviour;
  }

  async properly(request, response) {
    const bearer = /^Bearer (.*)$/.exec(request.header('authorization') ?? '');
    const statement = bearer && JSON.parse(Buffer.from(bearer[1], 'base64url'));
    if (statement?.aud !== this.name) return say(response, { errors: [{ message: 'who?' }] }, 401);
    say(response, await this.graph.run(JSON.parse(request.body), statement));
  }
}
