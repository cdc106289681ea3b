//! A page of a hundred costs the statements of a page of one, nested fields included. The query
//! of each list is made from the schema, so a new field is counted without a new test; a new list
//! is one line here and one function in `seeds`.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{
    Actor, TestApp,
    introspection::{self, Schema, name},
};

mod seeds;

/// How many objects deep the nested fields of a row are asked for.
const DEPTH: u8 = 2;

/// A test for each list: its name, the field, and what makes a hundred rows that are alike and
/// answers the arguments which pick them.
macro_rules! lists {
    ($($test:ident: $field:ident from $seed:expr;)+) => {
        const FIELDS: &[&str] = &[$(stringify!($field)),+];

        $(
            #[tokio::test]
            async fn $test() {
                let app = TestApp::without_limits().await;
                let arguments = $seed(&app).await;
                costs_the_same(&app, stringify!($field), &arguments).await;
            }
        )+
    };
}

lists! {
    provinces_cost_no_more_by_the_hundred: places from seeds::provinces;
    districts_cost_no_more_by_the_hundred: places from seeds::districts;
    communes_cost_no_more_by_the_hundred: places from seeds::communes;
    provincial_authorities_cost_no_more_by_the_hundred: parties from seeds::provincial_authorities;
    departments_cost_no_more_by_the_hundred: parties from seeds::departments;
    district_authorities_cost_no_more_by_the_hundred: parties from seeds::district_authorities;
    commune_authorities_cost_no_more_by_the_hundred: parties from seeds::commune_authorities;
    mass_organizations_cost_no_more_by_the_hundred: parties from seeds::mass_organizations;
    telecom_companies_cost_no_more_by_the_hundred: parties from seeds::telecom_companies;
    banks_cost_no_more_by_the_hundred: parties from seeds::banks;
    documents_cost_no_more_by_the_hundred: documents from seeds::documents;
    tasks_cost_no_more_by_the_hundred: tasks from seeds::tasks;
    assignments_cost_no_more_by_the_hundred: assignments from seeds::assignments;
    enrolments_cost_no_more_by_the_hundred: enrolments from seeds::enrolments;
    mandates_cost_no_more_by_the_hundred: mandates from seeds::mandates;
    needs_cost_no_more_by_the_hundred: needs from seeds::needs;
    commitments_cost_no_more_by_the_hundred: commitments from seeds::commitments;
    deliveries_cost_no_more_by_the_hundred: deliveries from seeds::deliveries;
    notes_cost_no_more_by_the_hundred: notes from seeds::notes;
    activity_kinds_cost_no_more_by_the_hundred: activityKinds from seeds::activity_kinds;
    funding_sources_cost_no_more_by_the_hundred: fundingSources from seeds::funding_sources;
    members_cost_no_more_by_the_hundred: members from seeds::members;
    invitations_cost_no_more_by_the_hundred: invitations from seeds::invitations;
    api_tokens_cost_no_more_by_the_hundred: apiTokens from seeds::api_tokens;
    operations_cost_no_more_by_the_hundred: operations from seeds::operations;
    saved_operations_cost_no_more_by_the_hundred: savedOperations from seeds::saved_operations;
    subgraphs_cost_no_more_by_the_hundred: subgraphs from seeds::subgraphs;
    subgraph_versions_cost_no_more_by_the_hundred: subgraphVersions from seeds::subgraph_versions;
    field_grants_cost_no_more_by_the_hundred: fieldGrants from seeds::field_grants;
    supergraphs_cost_no_more_by_the_hundred: supergraphs from seeds::supergraphs;
}

#[tokio::test]
async fn every_list_is_in_the_table() {
    let app = TestApp::start().await;

    let schema = schema(&app.coordinator().await).await;

    let lists: BTreeSet<&str> = schema.connections().into_iter().collect();
    assert_eq!(lists, FIELDS.iter().copied().collect());
}

#[tokio::test]
async fn nodes_cost_no_more_by_the_hundred() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let ids = seeds::nodes(&app).await;
    let types = seeds::TYPES_OF_NODES;
    let schema = schema(&coordinator).await;
    let fields = types.map(|ty| {
        format!("... on {ty} {{ {ty}: __typename {} }}", {
            schema.fields(ty).iter().find(|field| name(field) == "version").map_or("code", name)
        })
    });
    let query = format!(
        "query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id {} }} }}",
        fields.join(" ")
    );

    let mut counts = Vec::new();
    for ids in [&ids[..types.len()], &ids] {
        let variables = json!({ "ids": ids });
        let mut found = 0;
        let statements = app.statements(async {
            let reply = coordinator.gql(&query, variables).await;
            let nodes = reply.expect_ok()["nodes"].as_array().unwrap().clone();
            found = nodes.iter().filter(|node| node.is_object()).count();
        });
        counts.push(statements.await.len());
        assert_eq!(found, ids.len());
    }

    assert_eq!(counts[0], counts[1]);
}

async fn costs_the_same(app: &TestApp, field: &str, arguments: &str) {
    let coordinator = app.coordinator().await;
    let schema = schema(&coordinator).await;
    let selection = schema.selection(schema.node_of(field), DEPTH);
    let query = format!(
        "query ($first: Int!) {{ list: {field}({arguments}, first: $first) {{ \
         totalCount pageInfo {{ hasNextPage endCursor }} edges {{ cursor }} \
         nodes {{ {selection} }} }} }}"
    );

    let one = statements(app, &coordinator, &query, 1).await;
    let hundred = statements(app, &coordinator, &query, 100).await;

    assert!(
        one.len() == hundred.len(),
        "{} statements for one row, {} for a hundred: {hundred:#?}",
        one.len(),
        hundred.len()
    );
}

/// The statements of one page, which must be full.
async fn statements(app: &TestApp, actor: &Actor, query: &str, first: usize) -> Vec<String> {
    let mut rows = 0;
    let statements = app.statements(async {
        let reply = actor.gql(query, json!({ "first": first })).await;
        rows = reply.expect_ok()["list"]["nodes"].as_array().map_or(0, Vec::len);
    });
    let statements = statements.await;
    assert_eq!(rows, first, "the seed makes at least a hundred rows");
    statements
}

async fn schema(actor: &Actor) -> Schema {
    Schema::new(actor.ask(introspection::QUERY).await.expect_ok())
}
