// npm @apollo/client with its cache: objects are merged by id, pages by their cursors, and what a
// subscription tells arrives where it is shown.
import assert from 'node:assert/strict';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';

import { connect } from './graphql-ws.mjs';
import { credentials, proof, within } from './world.mjs';

const COMMITMENT = gql`
  query Commitment($id: ID!) {
    commitment(by: { id: $id }) { id version status acceptedAt }
  }
`;

const ACCEPT = gql`
  mutation Accept($input: AcceptCommitmentInput!) {
    acceptCommitment(input: $input) {
      commitment { id version status acceptedAt }
      userErrors { code message }
    }
  }
`;

const CHANGED = gql`
  subscription Changed($id: ID!, $after: String) {
    commitmentChanged(commitmentId: $id, after: $after) {
      cursor
      commitment { id version status acceptedAt }
    }
  }
`;

const PARTIES = gql`
  query Parties($first: Int, $after: String, $last: Int, $before: String) {
    parties(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id code } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

export async function apollo(world) {
  const telecom = client(world, world.telecom);
  const officer = client(world, world.officer);
  await mutate(world, officer.apollo, telecom.apollo);
  await pages(telecom.apollo);
  await Promise.all([telecom.sockets.dispose(), officer.sockets.dispose()]);
}

async function mutate(world, officer, telecom) {
  const after = await world.now();
  const id = await world.propose('2');
  const watched = shown(telecom, id);
  await proof('@apollo/client: an optimistic mutation is merged by id', async () => {
    const seen = shown(officer, id);
    assert.deepEqual(await seen(), ['PROPOSED', 1]);
    const accepted = { __typename: 'Commitment', id, version: 1, status: 'ACTIVE', acceptedAt: null };
    const { data } = await officer.mutate({
      mutation: ACCEPT,
      variables: { input: { id, expectedVersion: 1 } },
      optimisticResponse: {
        acceptCommitment: {
          __typename: 'AcceptCommitmentPayload', commitment: accepted, userErrors: [],
        },
      },
    });
    assert.deepEqual(data.acceptCommitment.userErrors, []);
    assert.deepEqual(await seen(), ['ACTIVE', 1], 'as was hoped');
    assert.deepEqual(await seen(), ['ACTIVE', 2], 'as it is');
  });
  await proof('@apollo/client: a subscription over a socket changes what is shown', async () => {
    const kept = { commitment: { __typename: 'Commitment', id, version: 1, status: 'PROPOSED',
      acceptedAt: null } };
    await watched();
    telecom.writeQuery({ query: COMMITMENT, variables: { id }, data: kept });
    const told = telecom.subscribe({ query: CHANGED, variables: { id, after } }).subscribe({});
    let now;
    do {
      now = await watched();
    } while (now[1] !== 2);
    assert.deepEqual(now, ['ACTIVE', 2]);
    told.unsubscribe();
  });
}

async function pages(apollo) {
  const everything = { query: PARTIES, variables: { first: 100 }, fetchPolicy: 'no-cache' };
  const codes = ({ parties }) => parties.edges.map(({ node }) => node.code);
  const all = codes((await apollo.query(everything)).data);
  for (const [where, first, more, expected] of [
    ['forward', { first: 3 }, ({ endCursor }) => ({ first: 3, after: endCursor }), all.slice(0, 6)],
    ['back', { last: 3 }, ({ startCursor }) => ({ last: 3, before: startCursor }), all.slice(-6)],
  ]) {
    await proof(`@apollo/client: relayStylePagination, a page ${where}`, async () => {
      await apollo.clearStore();
      const parties = apollo.watchQuery({ query: PARTIES, variables: first });
      const watching = parties.subscribe({});
      const { data } = await apollo.query({ query: PARTIES, variables: first });
      await parties.fetchMore({ variables: more(data.parties.pageInfo) });
      assert.deepEqual(codes(apollo.readQuery({ query: PARTIES, variables: first })), expected);
      watching.unsubscribe();
    });
  }
}

/** What is shown of a commitment, each time that it changes. */
function shown(apollo, id) {
  const states = [];
  let arrived;
  apollo.watchQuery({ query: COMMITMENT, variables: { id } }).subscribe(({ data }) => {
    if (data?.commitment) {
      states.push([data.commitment.status, data.commitment.version]);
      arrived?.();
    }
  });
  return async () => {
    while (states.length === 0) {
      await within('a change', new Promise((resolve) => (arrived = resolve)));
    }
    return states.shift();
  };
}

function client(world, person) {
  const sockets = connect(world, person);
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(sockets),
    new HttpLink({ uri: world.url, headers: credentials(person) }),
  );
  const fields = { parties: relayStylePagination() };
  const cache = new InMemoryCache({ typePolicies: { Query: { fields } } });
  return { sockets, apollo: new ApolloClient({ link, cache }) };
}
