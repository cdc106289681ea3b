//! The database as it is, to be held against what it was.

use std::collections::BTreeMap;

use entity::{
    activity_kind, amendment, api_token, assignment, board_cell, commitment, commitment_document,
    delivery, document, document_party, enrolment, event, event_audience, event_head, favourite,
    field_grant, idempotency, installation, invitation, mandate, member, need, note, operation,
    participant_set, participant_set_member, party, party_succession, saved_operation, subgraph,
    subgraph_approval, subgraph_version, supergraph, supergraph_head, supergraph_part, task,
    task_answer, verification,
};
use tests::TestApp;

/// Every row that a mutation could change, as text.
pub type Database = BTreeMap<&'static str, Vec<String>>;

pub async fn database(app: &TestApp) -> Database {
    app.settle().await;
    let mut tables = Database::new();
    macro_rules! rows {
        ($($noun:ident)+) => {$(
            let mut rows: Vec<String> =
                app.all($noun::Entity).await.iter().map(|row| format!("{row:?}")).collect();
            rows.sort_unstable();
            tables.insert(stringify!($noun), rows);
        )+};
    }
    rows!(activity_kind assignment document document_party enrolment event event_head);
    rows!(idempotency installation invitation mandate member party party_succession task task_answer);
    rows!(amendment board_cell commitment commitment_document delivery event_audience need note);
    rows!(favourite saved_operation);
    rows!(operation participant_set participant_set_member verification);
    rows!(field_grant subgraph subgraph_approval subgraph_version supergraph supergraph_head supergraph_part);
    // When a token was last used is no change.
    let tokens = app.all(api_token::Entity).await.into_iter();
    let tokens = tokens.map(|row| api_token::Model { last_used_at: None, ..row });
    tables.insert("api_token", tokens.map(|row| format!("{row:?}")).collect());
    let reach =
        app.rows("SELECT COUNT(*) AS rows, COALESCE(MAX(id), 0) AS newest FROM reach").await;
    let number = |name| reach[0].try_get::<i64>("", name).unwrap().to_string();
    tables.insert("reach", vec![number("rows"), number("newest")]);
    tables
}
