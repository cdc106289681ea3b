//! What is refused of subgraphs, before a check finds anything in them.

use api::clock::Clock;
use entity::{
    api_token::Scope,
    member::Role,
    party::{self, Kind},
    subgraph,
    subgraph_version::State,
};
use serde_json::json;
use tests::{Actor, TestApp};

use super::{Table, parties::coordinators};
use crate::subgraphs::{GOOD, OTHER};

pub async fn check_subgraph(app: &TestApp) -> Table {
    app.composed().await;
    let manager = publisher(app, "vidutel").await;
    let bare = app.party(Kind::TelecomCompany).await;
    app.party_succession(&bare, manager.party(), "2026-01-01").await;
    let input = json!({ "partyId": manager.party().id.to_string(), "url": manager.deploys(GOOD), "sdl": GOOD });
    owners(app, Table::new("checkSubgraph", "subgraph", manager.clone(), input), &manager)
        .await
        .rule(json!({ "partyId": bare.id.to_string() }), "WRONG_KIND", "partyId")
        .rule(json!({ "sdl": " ".repeat(204_801) }), "TOO_LONG", "sdl")
}

pub async fn publish_subgraph(app: &TestApp) -> Table {
    app.composed().await;
    let manager = publisher(app, "vidutel").await;
    let party = manager.party().clone();
    let subgraph = app.subgraph(&party).await;
    let url = manager.deploys(GOOD);
    app.subgraph_version(&subgraph, OTHER).with(|row| row.url.clone_from(&url)).await;
    let bare = app.party(Kind::TelecomCompany).await;
    app.party_succession(&bare, &party, "2026-01-01").await;
    let input = json!({ "partyId": party.id.to_string(), "url": url, "sdl": GOOD,
        "expectedVersion": 1, "idempotencyKey": app.key() });
    let none = json!({ "partyId": bare.id.to_string(), "expectedVersion": 0 });
    owners(app, Table::new("publishSubgraph", "subgraph", manager.clone(), input), &manager)
        .await
        .shows(&subgraph.id)
        .rule(none, "WRONG_KIND", "partyId")
        .rule(json!({ "sdl": " ".repeat(204_801) }), "TOO_LONG", "sdl")
        .rule(json!({ "sdl": OTHER }), "NO_CHANGE", "sdl")
        .rule(json!({ "sdl": "type Query {" }), "SUBGRAPH_REFUSED", "")
        .rule(json!({ "sdl": "type Query { a: Int }" }), "SUBGRAPH_REFUSED", "")
        .rule(json!({ "url": "https://elsewhere.example.vn/" }), "SUBGRAPH_REFUSED", "")
        .mismatch(json!({ "allowBreaking": true }))
}

pub async fn approve_subgraph(app: &TestApp) -> Table {
    app.composed().await;
    let manager = publisher(app, "vidutel").await;
    let subgraph = waiting(app, manager.party()).await;
    let live = app.subgraph(&app.party(Kind::Bank).prefix("vidubank").await).await;
    let retired = retired(app).await;
    let input = json!({ "id": subgraph.id.to_string(), "decision": "APPROVE",
        "expectedVersion": 1 });
    let table = Table::new("approveSubgraph", "subgraph", app.coordinator().await, input);
    overseen(app, table, &manager)
        .await
        .rule(json!({ "id": live.id.to_string() }), "WRONG_STATE", "id")
        .rule(json!({ "id": retired.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "decision": "DECLINE" }), "BLANK", "reason")
        .rule(json!({ "decision": "DECLINE", "reason": "a".repeat(2_001) }), "TOO_LONG", "reason")
}

pub async fn retire_subgraph(app: &TestApp) -> Table {
    let manager = publisher(app, "vidutel").await;
    let subgraph = waiting(app, manager.party()).await;
    let rival = app.telecom().await;
    let hidden = app.subgraph(rival.party()).await;
    let gone = app.subgraph(manager.party());
    let now = app.clock.now();
    let gone = gone.with(|row| row.retired_at = Some(now)).await;
    let input = json!({ "id": subgraph.id.to_string(), "expectedVersion": 1 });
    Table::new("retireSubgraph", "subgraph", manager.clone(), input)
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", rival, "NOT_FOUND")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other(
            "reporter",
            app.member_of(manager.party()).with_role(Role::Reporter).await,
            "FORBIDDEN",
        )
        .other(
            "system",
            app.member_of(manager.party()).with_scopes([Scope::Admin]).await,
            "FORBIDDEN",
        )
        .hidden("id", &hidden.id)
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
}

pub async fn grant_fields(app: &TestApp) -> Table {
    let bank = app.party(Kind::Bank).prefix("vidubank").await;
    let bare = app.party(Kind::Bank).await;
    let known = app.field_grant(&bank, "District.code").await;
    let row = json!({ "partyId": bank.id.to_string(), "coordinate": "Commune.code" });
    let twice = json!([row, row]);
    let input = json!({ "grants": [row], "idempotencyKey": app.key() });
    let table = Table::new("grantFields", "grants", app.coordinator().await, input).batch("grants");
    coordinators(app, table)
        .await
        .row(json!({ "partyId": bare.id.to_string() }), "WRONG_KIND", "partyId")
        .row(json!({ "coordinate": "Commune" }), "WRONG_KIND", "coordinate")
        .row(json!({ "coordinate": "Commune.nothing" }), "WRONG_KIND", "coordinate")
        .row(json!({ "coordinate": "Commitment.quantity" }), "WRONG_KIND", "coordinate")
        .row(json!({ "coordinate": known.coordinate }), "ALREADY_RECORDED", "coordinate")
        .rule(json!({ "grants": twice }), "ALREADY_RECORDED", "grants.1.coordinate")
        .rule(json!({ "grants": [] }), "WRONG_COUNT", "grants")
        .mismatch(json!({ "dryRun": true }))
}

pub async fn revoke_grant(app: &TestApp) -> Table {
    let manager = publisher(app, "vidutel").await;
    let party = manager.party().clone();
    let grant = app.field_grant(&party, "Commune.code").await;
    let used = app.field_grant(&party, "District.code").await;
    let now = app.clock.now();
    let gone = app.field_grant(&party, "Commune.code");
    let gone = gone.with(|row| row.revoked_at = Some(now)).await;
    let subgraph = app.subgraph(&party).await;
    let version = app.subgraph_version(&subgraph, GOOD).await;
    app.subgraph_read(&version, "District.code").await;
    let input = json!({ "id": grant.id.to_string(), "expectedVersion": 1 });
    let table = Table::new("revokeGrant", "grant", app.coordinator().await, input);
    overseen(app, table, &manager)
        .await
        .rule(json!({ "id": gone.id.to_string() }), "ALREADY_ENDED", "id")
        .rule(json!({ "id": used.id.to_string() }), "GRANT_IN_USE", "id")
}

pub async fn roll_back_supergraph(app: &TestApp) -> Table {
    app.composed().await;
    app.supergraph(2).await;
    app.sql("UPDATE supergraph_head SET number = 2").await.unwrap();
    let ended = retired(app).await;
    let version = app.subgraph_version(&ended, GOOD).with(|row| row.state = State::Retired).await;
    let with_ended = app.supergraph(3).await;
    app.supergraph_part(&with_ended, &version).await;
    let input = json!({ "number": 1, "expectedNumber": 2, "idempotencyKey": app.key() });
    let manager = publisher(app, "vidutel").await;
    let table = Table::new("rollBackSupergraph", "supergraph", app.coordinator().await, input);
    overseen(app, table, &manager)
        .await
        .rule(json!({ "number": 9 }), "NOT_FOUND", "number")
        .rule(json!({ "number": 2 }), "NO_CHANGE", "number")
        .rule(json!({ "number": 3 }), "ALREADY_ENDED", "number")
        .rule(json!({ "expectedNumber": 1 }), "STALE_VERSION", "expectedNumber")
        .mismatch(json!({ "number": 2, "expectedNumber": 4 }))
}

/// A manager of a party with a prefix.
async fn publisher(app: &TestApp, prefix: &str) -> Actor {
    let party = app.party(Kind::TelecomCompany).prefix(prefix).await;
    app.member_of(&party).await
}

/// A subgraph of which a version waits.
async fn waiting(app: &TestApp, party: &party::Model) -> subgraph::Model {
    let subgraph = app.subgraph(party).await;
    let version = app.subgraph_version(&subgraph, GOOD);
    let url = app.deploy(party, GOOD);
    version.with(|row| (row.state, row.url) = (State::AwaitingApproval, url)).await;
    subgraph
}

async fn retired(app: &TestApp) -> subgraph::Model {
    let party = app.party(Kind::Bank).await;
    let now = app.clock.now();
    app.subgraph(&party).with(|row| row.retired_at = Some(now)).await
}

/// Who may not do for a party what its managers may.
async fn owners(app: &TestApp, table: Table, manager: &Actor) -> Table {
    let party = manager.party();
    table
        .other("stranger", app.stranger(), "FORBIDDEN")
        .other("rival", app.telecom().await, "FORBIDDEN")
        .other("coordinator", app.coordinator().await, "FORBIDDEN")
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("reporter", app.member_of(party).with_role(Role::Reporter).await, "FORBIDDEN")
        .other("system", app.member_of(party).with_scopes([Scope::Admin]).await, "FORBIDDEN")
}

/// Who may not do what is the coordinator's managers' alone, on something that is not everybody's.
async fn overseen(app: &TestApp, table: Table, owner: &Actor) -> Table {
    let is_owners = table.mutation != "rollBackSupergraph";
    table
        .other("stranger", app.stranger(), "NOT_FOUND")
        .other("rival", app.telecom().await, "NOT_FOUND")
        .other("owner", owner.clone(), if is_owners { "FORBIDDEN" } else { "NOT_FOUND" })
        .other("leadership", app.leadership().await, "FORBIDDEN")
        .other("ended party", app.ended_party().await, "NOT_FOUND")
        .other("reporter", app.coordinator().with_role(Role::Reporter).await, "FORBIDDEN")
        .other("system", app.coordinator().with_scopes([Scope::Commit]).await, "FORBIDDEN")
}
