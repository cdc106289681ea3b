//! Stories of rights that begin, end and pass on, told with the clock.

use entity::{
    mandate::Act,
    party, place,
    reach::{self, Role},
};
use serde_json::{Value, json};
use tests::{Actor, Reply, TestApp};

use super::mutation;

mod coordination;
mod ends;
mod mandates;
mod people;

/// Whether a row of `reach` gives a party this today.
async fn reaches(
    app: &TestApp,
    party: &party::Model,
    role: Role,
    principal: &party::Model,
    place: Option<&place::Model>,
    act: Option<Act>,
) -> bool {
    use api::clock::Clock;
    app.settle().await;
    let today = app.clock.today();
    app.all(reach::Entity).await.iter().any(|row| {
        (row.party_id, row.role, row.principal_id, row.act) == (party.id, role, principal.id, act)
            && place.is_none_or(|place| row.place_id == Some(place.id))
            && row.valid_from <= today
            && row.valid_to.is_none_or(|end| today < end)
    })
}

/// Enters a letter of a party, issued on a day.
async fn enter_letter(app: &TestApp, actor: &Actor, issuer: &party::Model, on: &str) -> Reply {
    let input = json!({ "issuerId": issuer.id.to_string(), "kind": "LETTER", "force": "REQUESTS",
        "reference": format!("{}/CV-MOI", app.next()), "title": "Thư", "issuedOn": on,
        "idempotencyKey": app.key() });
    actor.act(&mutation("defineDocument", "document { id }"), input).await
}

/// Does what only managers of the coordinator may.
async fn define_something(app: &TestApp, actor: &Actor) -> Reply {
    let input = json!({ "code": format!("loai_{}", app.next()), "name": "Loại", "nameEn": "Kind",
        "unit": "cái", "unitEn": "piece", "precision": 0, "measure": "FLOW",
        "pillar": "DIGITAL_SOCIETY", "promisers": ["BANK"], "idempotencyKey": app.key() });
    actor.act(&mutation("defineActivityKind", "activityKind { id }"), input).await
}

async fn invite(app: &TestApp, actor: &Actor, party: &party::Model) -> Reply {
    let input = json!({ "partyId": party.id.to_string(), "role": "VIEWER",
        "idempotencyKey": app.key() });
    actor.act(&mutation("inviteMember", "invitation { id }"), input).await
}

/// Whether somebody sees the object with this id.
async fn sees(actor: &Actor, id: &impl ToString) -> bool {
    let query = "query ($id: ID!) { node(id: $id) { id } }";
    let reply = actor.gql(query, json!({ "id": id.to_string() })).await;
    reply.expect_ok()["node"].is_object()
}

fn changing(id: &impl ToString, version: i32) -> Value {
    json!({ "id": id.to_string(), "expectedVersion": version })
}
