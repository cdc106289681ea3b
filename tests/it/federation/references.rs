//! Everything that can be referred to, by each of its keys: the demonstration, and one of each
//! that it has none of.

use std::collections::BTreeMap;

use entity::{
    activity_kind, amendment, api_token, assignment, commitment, delivery, document, enrolment,
    funding_source, invitation, mandate, member, need, note, operation, party, place,
    saved_operation, task, verification,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::TestApp;

use super::by_id;

/// When the demonstration has come to its last chapter.
const DAY: &str = "2026-11-24";

/// An object with all that names it.
pub struct Referred {
    pub type_name: String,
    pub id: String,
    /// By its id first.
    pub representations: Vec<Value>,
}

/// The demonstration, with everything in it.
pub async fn world() -> (TestApp, Vec<Referred>) {
    let (app, _) = TestApp::demonstration(DAY).await;
    let (bank, telecom) =
        (app.party_by_code("NH-MAU-1").await, app.party_by_code("VT-MAU-1").await);
    for party in [&bank, &telecom] {
        app.invitation(party).1.await;
        app.token(party).1.await;
        app.operation(party, "Who", "{ viewer { today } }").await;
    }
    app.mandate(&bank, &telecom).await;
    app.mandate(&telecom, &bank).await;
    app.settle().await;
    let referred = all(&app).await;
    (app, referred)
}

async fn all(app: &TestApp) -> Vec<Referred> {
    let parties = app.all(party::Entity).await;
    let issuers: BTreeMap<_, _> = parties.iter().map(|row| (row.id, row.code.clone())).collect();
    let mut all = Vec::new();
    all.extend(parties.iter().map(|row| {
        let type_name = format!("{:?}", row.kind);
        with(&type_name, &row.id, [json!({ "__typename": type_name, "code": row.code })])
    }));
    all.extend(app.all(place::Entity).await.iter().map(|row| {
        let by_code = json!({ "__typename": "Commune", "code": row.code,
            "validFrom": row.valid_from });
        let is_commune = row.level == place::Level::Commune;
        with(&format!("{:?}", row.level), &row.id, is_commune.then_some(by_code))
    }));
    all.extend(app.all(document::Entity).await.iter().map(|row| {
        let by_head = json!({ "__typename": "Document", "issuerCode": issuers[&row.issuer_id],
            "number": row.number, "symbol": row.symbol, "issuedOn": row.issued_on });
        with("Document", &row.id, [by_head])
    }));
    all.extend(app.all(activity_kind::Entity).await.iter().map(|row| {
        let by_code = json!({ "__typename": "ActivityKind", "code": row.code });
        with("ActivityKind", &row.id, [by_code])
    }));
    add(&mut all, app, "Amendment", amendment::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "ApiToken", api_token::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Assignment", assignment::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Commitment", commitment::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Delivery", delivery::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Enrolment", enrolment::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "FundingSource", funding_source::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Invitation", invitation::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Mandate", mandate::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Member", member::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Need", need::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Note", note::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Operation", operation::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "SavedOperation", saved_operation::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Task", task::Entity, |row| row.id.to_string()).await;
    add(&mut all, app, "Verification", verification::Entity, |row| row.id.to_string()).await;
    all
}

fn with(type_name: &str, id: &impl ToString, others: impl IntoIterator<Item = Value>) -> Referred {
    let mut representations = vec![by_id(type_name, id.to_string())];
    representations.extend(others);
    Referred { type_name: type_name.to_owned(), id: id.to_string(), representations }
}

async fn add<E: EntityTrait>(
    all: &mut Vec<Referred>,
    app: &TestApp,
    type_name: &str,
    of: E,
    id: fn(&E::Model) -> String,
) {
    all.extend(app.all(of).await.iter().map(|row| with(type_name, &id(row), [])));
}

/// So many references with the ids of what they name: each type by each of its keys in turn, and
/// within these one object after the other.
pub fn mixed(referred: &[Referred], many: usize) -> Vec<(Value, &str)> {
    let mut kinds: BTreeMap<(&str, usize), Vec<(Value, &str)>> = BTreeMap::new();
    for object in referred {
        for (key, representation) in object.representations.iter().enumerate() {
            let of_kind = kinds.entry((&object.type_name, key)).or_default();
            of_kind.push((representation.clone(), &object.id));
        }
    }
    let kinds: Vec<_> = kinds.into_values().collect();
    let turns = (0..many).map(|at| (at / kinds.len(), &kinds[at % kinds.len()]));
    turns.map(|(turn, of_kind)| of_kind[turn % of_kind.len()].clone()).collect()
}

/// How many types with how many keys there are to mix.
pub fn kinds(referred: &[Referred]) -> usize {
    let kinds: std::collections::BTreeSet<(&str, usize)> = referred
        .iter()
        .flat_map(|object| (0..object.representations.len()).map(|key| (&*object.type_name, key)))
        .collect();
    kinds.len()
}
