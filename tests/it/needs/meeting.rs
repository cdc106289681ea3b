//! A need is met by what is confirmed on commitments that name it, as far as one sees them.

use entity::commitment::Disclosure;
use serde_json::json;
use tests::{Actor, TestApp};

use super::{PHONES, need_of};
use crate::promised::commitment;

/// What the field says, after making sure that the filter says the same.
async fn met(actor: &Actor, need: &entity::need::Model) -> bool {
    let query = "query ($id: ID!) { need(by: { id: $id }) { met }
        yes: needs(first: 9, filter: { met: true }) { totalCount nodes { met } }
        no: needs(first: 9, filter: { met: false }) { totalCount nodes { met } } }";
    let reply = actor.gql(query, json!({ "id": need.id.to_string() })).await;
    let data = reply.expect_ok();
    let met = data["need"]["met"].as_bool().unwrap();
    let nodes = json!([{ "met": met }]);
    let (one, other) = if met { ("yes", "no") } else { ("no", "yes") };
    assert_eq!(data[one], json!({ "totalCount": 1, "nodes": nodes }));
    assert_eq!(data[other]["totalCount"], 0);
    met
}

#[tokio::test]
async fn a_need_is_met_when_what_is_confirmed_reaches_it() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let (commune, phones) = (app.commune("02014").await, app.activity(PHONES).await);
    let need = need_of(&app, officer.party()).await;
    let giver = app.telecom().await;
    let promise = async |named: bool, confirmed: i64| {
        commitment(&app, giver.party(), &commune, &phones, |row| {
            (row.disclosure, row.need_id) = (Disclosure::Public, named.then_some(need.id));
            (row.reported, row.confirmed) = (100, confirmed);
        })
        .await
    };

    promise(false, 100).await;
    assert!(!met(&officer, &need).await, "another need's, or nobody's");
    promise(true, 39).await;
    assert!(!met(&officer, &need).await, "one is missing");
    promise(true, 1).await;
    assert!(met(&officer, &need).await && met(&app.public(), &need).await);
}

#[tokio::test]
async fn what_one_does_not_see_meets_no_need() {
    let app = TestApp::start().await;
    let officer = app.commune_officer("02014").await;
    let (commune, phones) = (app.commune("02014").await, app.activity(PHONES).await);
    let need = need_of(&app, officer.party()).await;
    let (giver, rival) = (app.telecom().await, app.telecom().await);
    for (giver, confirmed) in [(&giver, 25), (&rival, 15)] {
        commitment(&app, giver.party(), &commune, &phones, |row| {
            (row.need_id, row.reported, row.confirmed) = (Some(need.id), confirmed, confirmed);
        })
        .await;
    }

    for (actor, sees_all) in [
        (app.public(), false),
        (giver, false),
        (rival, false),
        (app.commune_officer("02071").await, false),
        (officer, true),
        (app.assigned_department("02014").await, true),
        (app.coordinator().await, true),
        (app.leadership().await, true),
    ] {
        assert_eq!(met(&actor, &need).await, sees_all);
    }
}
