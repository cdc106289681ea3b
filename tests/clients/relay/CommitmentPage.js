import { graphql } from 'relay-runtime';

export const page = graphql`
  query CommitmentPageQuery($id: ID!, $count: Int!, $cursor: String) {
    commitment(by: { id: $id }) {
      id
      ...CommitmentPage_commitment
      ...CommitmentPage_deliveries
    }
  }
`;

export const head = graphql`
  fragment CommitmentPage_commitment on Commitment {
    version
    status
    quantity
    progress { promised reported confirmed }
    viewerCan { accept }
  }
`;

export const deliveries = graphql`
  fragment CommitmentPage_deliveries on Commitment
  @refetchable(queryName: "CommitmentDeliveriesRefetch") {
    deliveries(first: $count, after: $cursor) @connection(key: "CommitmentPage_deliveries") {
      edges { node { id version state quantity commune { name } } }
    }
  }
`;
