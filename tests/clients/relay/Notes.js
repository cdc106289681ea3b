import { graphql } from 'relay-runtime';

export const page = graphql`
  query NotesQuery($filter: NoteFilter, $count: Int!, $cursor: String) {
    ...Notes_query
  }
`;

export const list = graphql`
  fragment Notes_query on Query @refetchable(queryName: "NotesRefetch") {
    notes(first: $count, after: $cursor, filter: $filter) @connection(key: "Notes_notes") {
      __id
      totalCount
      edges { node { id ...Notes_note } }
    }
  }
`;

export const note = graphql`
  fragment Notes_note on Note {
    version
    text
    status
    dueOn
    addressee { code name }
  }
`;

export const write = graphql`
  mutation NotesWriteMutation($input: WriteNoteInput!, $connections: [ID!]!) {
    writeNote(input: $input) {
      note @prependNode(connections: $connections, edgeTypeName: "NoteEdge") {
        id
        ...Notes_note
      }
      replayed
      userErrors { code message path }
    }
  }
`;

export const done = graphql`
  mutation NotesDoneMutation($input: DoneNoteInput!, $connections: [ID!]!) {
    doneNote(input: $input) {
      note { id @deleteEdge(connections: $connections) ...Notes_note }
      userErrors { code message }
    }
  }
`;

export const changed = graphql`
  subscription NotesChangedSubscription($after: String, $commitment: ID!) {
    commitmentChanged(after: $after, commitmentId: $commitment) {
      cursor
      commitment { id ...CommitmentPage_commitment }
    }
  }
`;
