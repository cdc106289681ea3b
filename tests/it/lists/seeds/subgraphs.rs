//! A hundred subgraphs, what was published and granted, and graphs.

use entity::{party::Kind, subgraph, subgraph_approval::Kind as Approval, subgraph_version};
use tests::TestApp;

use super::{of_parties, one_member_each, parties};

pub async fn subgraphs(app: &TestApp) -> String {
    let (subgraphs, _) = published(app).await;
    of(&subgraphs)
}

pub async fn subgraph_versions(app: &TestApp) -> String {
    let (subgraphs, _) = published(app).await;
    let ids: Vec<String> = subgraphs.iter().map(|row| format!("\"{}\"", row.id)).collect();
    format!("filter: {{ subgraph: {{ in: [{}] }} }}", ids.join(", "))
}

pub async fn field_grants(app: &TestApp) -> String {
    let parties = parties(app, Kind::Bank).await;
    app.insert(parties.iter().map(|party| app.field_grant(party, "Commune.code"))).await;
    of_parties(&parties)
}

pub async fn supergraphs(app: &TestApp) -> String {
    let (subgraphs, versions) = published(app).await;
    let graphs = subgraphs.iter().zip(1..).map(|(subgraph, number)| {
        app.supergraph(number).with(|row| row.subgraph_id = Some(subgraph.id))
    });
    let graphs = app.insert(graphs).await;
    let parts = graphs.iter().zip(&versions);
    app.insert(parts.map(|(graph, version)| app.supergraph_part(graph, version))).await;
    String::new()
}

/// Subgraphs of as many parties, each with a live version that somebody published.
async fn published(app: &TestApp) -> (Vec<subgraph::Model>, Vec<subgraph_version::Model>) {
    let parties = parties(app, Kind::Bank).await;
    let members = one_member_each(app, &parties).await;
    let subgraphs = app.insert(parties.iter().map(|party| app.subgraph(party))).await;
    let versions = subgraphs.iter().zip(&members).map(|(subgraph, member)| {
        let version = app.subgraph_version(subgraph, "type Query { a: Int }");
        version.with(|row| row.member_id = Some(member.id))
    });
    let versions = app.insert(versions).await;
    let waiting = subgraphs.iter().map(|subgraph| {
        let version = app.subgraph_version(subgraph, "type Query { b: Int }");
        version.with(|row| {
            (row.number, row.state) = (2, subgraph_version::State::AwaitingApproval);
        })
    });
    app.insert(waiting).await;
    let approvals = versions.iter();
    app.insert(approvals.map(|row| app.subgraph_approval(row, Approval::ExtendedType, "Commune")))
        .await;
    app.insert(versions.iter().map(|row| app.subgraph_read(row, "Commune.code"))).await;
    (subgraphs, versions)
}

fn of(subgraphs: &[subgraph::Model]) -> String {
    let ids: Vec<String> = subgraphs.iter().map(|row| format!("\"{}\"", row.party_id)).collect();
    format!("filter: {{ party: {{ in: [{}] }} }}", ids.join(", "))
}
