//! The change feed: what a party is told, in which order, by which cursor, and what tells it that
//! more or less has come into its sight.

use api::domain::reach;
use entity::{event, event_audience};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;
use tests::{Actor, TestApp};
use uuid::Uuid;

mod cursors;
mod scope;

const EVENTS: &str = "query ($after: String, $first: Int!) { events(after: $after, first: $first) {
    nodes { id type subjectId } endCursor hasMore } }";

const RECORD: &str = "mutation ($input: RecordDeliveriesInput!) { recordDeliveries(input: $input) {
    deliveries { id } userErrors { code path message } } }";

const RAISE: &str = "mutation ($input: RaiseNeedInput!) { raiseNeed(input: $input) {
    need { id version } userErrors { code path message } } }";

const WITHDRAW: &str = "mutation ($input: WithdrawNeedInput!) { withdrawNeed(input: $input) {
    need { id } userErrors { code path message } } }";

/// One event as it is told: its id, type and subject.
type Told = (String, String, String);

/// A page of the feed.
struct Page {
    told: Vec<Told>,
    end: String,
    has_more: bool,
}

#[tokio::test]
async fn a_party_is_told_what_it_may_see_and_nothing_else() {
    let app = TestApp::start().await;
    let (telecom, rival) = (app.telecom().await, app.telecom().await);
    let commune = app.commune_officer("02071").await;
    let starts = [end(&telecom).await, end(&rival).await, end(&commune).await];

    deliver(&app, &telecom, 1).await;
    let need = need(&app, &commune).await;

    let expected = [
        &["DELIVERY_RECORDED", "NEED_RAISED"][..],
        &["NEED_RAISED"],
        &["DELIVERY_RECORDED", "NEED_RAISED"],
    ];
    for ((who, start), expected) in [telecom, rival, commune].iter().zip(starts).zip(expected) {
        let page = page(who, Some(&start), 1_000).await;
        assert_eq!(types(&page.told), expected);
        assert_eq!(page.told.last().map(|told| &*told.2), Some(&*need));
        assert!(!page.has_more);
    }
}

#[tokio::test]
async fn what_has_gone_out_of_sight_is_told_no_more() {
    let app = TestApp::start().await;
    let (telecom, commune) = (app.telecom().await, app.commune_officer("02071").await);
    let (of_telecom, of_commune) = (end(&telecom).await, end(&commune).await);
    let need = need(&app, &commune).await;
    assert_eq!(types(&page(&telecom, Some(&of_telecom), 10).await.told), ["NEED_RAISED"]);

    let input = json!({ "id": need, "expectedVersion": 1, "reason": "Đã đủ" });
    commune.act(WITHDRAW, input).await.expect_ok();

    assert_eq!(types(&page(&telecom, Some(&of_telecom), 10).await.told), [""; 0]);
    let told = page(&commune, Some(&of_commune), 10).await.told;
    assert_eq!(types(&told), ["NEED_RAISED", "NEED_WITHDRAWN"]);
}

#[tokio::test]
async fn pages_join_without_a_gap_and_without_an_overlap() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    deliver(&app, &telecom, 7).await;
    need(&app, &app.commune_officer("02071").await).await;

    let whole = page(&telecom, None, 1_000).await.told;

    assert!(whole.len() > 8, "{whole:#?}");
    for size in [1, 2, 3, 7] {
        assert_eq!(follow(&telecom, size).await, whole, "pages of {size}");
    }
}

#[tokio::test]
async fn who_reads_under_many_keys_reads_all_of_them_in_the_order_of_the_log() {
    let app = TestApp::start().await;
    let agent = app.telecom().await;
    for _ in 0..60 {
        let principal = app.telecom().await;
        app.mandate(principal.party(), agent.party()).await;
        deliver(&app, &principal, 4).await;
    }
    let mut log = app.all(event::Entity).await;
    log.sort_by_key(|event| event.position);
    let recorded = log.iter().filter(|event| event.r#type == "DELIVERY_RECORDED");
    let recorded: Vec<String> = recorded.map(|event| event.id.to_string()).collect();
    assert_eq!(recorded.len(), 240);

    for size in [50, 1_000] {
        let told = follow(&agent, size).await.into_iter();
        let told = told.filter(|(_, r#type, _)| r#type == "DELIVERY_RECORDED");
        assert_eq!(told.map(|(id, ..)| id).collect::<Vec<_>>(), recorded, "pages of {size}");
    }
}

#[tokio::test]
async fn a_page_ends_before_its_time_where_much_is_passed_over() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let start = end(&telecom).await;
    pass_over(&app, 1_500).await;
    need(&app, &app.commune_officer("02071").await).await;

    let first = page(&telecom, Some(&start), 1).await;

    assert_eq!((types(&first.told).len(), first.has_more), (0, true));
    let second = page(&telecom, Some(&first.end), 1).await;
    assert_eq!((&*types(&second.told), second.has_more), (&["NEED_RAISED"][..], false));
}

#[tokio::test]
async fn a_page_costs_the_same_number_of_statements_for_1_event_and_for_100() {
    let app = TestApp::start().await;
    let telecom = app.telecom().await;
    let start = end(&telecom).await;

    deliver(&app, &telecom, 1).await;
    let for_one = app.count_statements(page(&telecom, Some(&start), 1_000)).await;
    deliver(&app, &telecom, 99).await;
    let for_hundred = app.count_statements(page(&telecom, Some(&start), 1_000)).await;

    assert_eq!(page(&telecom, Some(&start), 1_000).await.told.len(), 100);
    assert_eq!(for_one, for_hundred);
}

/// One page.
async fn page(who: &Actor, after: Option<&str>, first: u32) -> Page {
    let reply = who.gql(EVENTS, json!({ "after": after, "first": first })).await;
    let feed = &reply.expect_ok()["events"];
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let nodes = feed["nodes"].as_array().unwrap().iter();
    Page {
        told: nodes
            .map(|node| (text(&node["id"]), text(&node["type"]), text(&node["subjectId"])))
            .collect(),
        end: text(&feed["endCursor"]),
        has_more: feed["hasMore"] == true,
    }
}

/// Everything, page after page.
async fn follow(who: &Actor, size: u32) -> Vec<Told> {
    let mut told = Vec::new();
    let mut next = page(who, None, size).await;
    loop {
        assert!(next.told.len() <= size as usize);
        told.append(&mut next.told);
        if !next.has_more {
            return told;
        }
        next = page(who, Some(&next.end), size).await;
    }
}

/// Where what has happened so far ends.
async fn end(who: &Actor) -> String {
    let mut next = page(who, None, 1_000).await;
    while next.has_more {
        next = page(who, Some(&next.end), 1_000).await;
    }
    next.end
}

fn types(told: &[Told]) -> Vec<&str> {
    told.iter().map(|(_, r#type, _)| &**r#type).collect()
}

/// Entries on a promise to Xã Nghĩa Tá that is the parties' own.
async fn deliver(app: &TestApp, giver: &Actor, entries: u32) {
    let promise = app.commitment(giver.party()).quantity(1_000).between_parties().await;
    let row = json!({ "commitmentId": promise.id.to_string(),
        "communeId": promise.place_id.to_string(), "quantity": 1, "deliveredOn": "2026-11-20" });
    let rows = vec![row; entries as usize];
    let input = json!({ "deliveries": rows, "idempotencyKey": app.key() });
    giver.act(RECORD, input).await.expect_ok();
}

/// Raises a need; answers its id.
async fn need(app: &TestApp, commune: &Actor) -> String {
    let phones = app.activity("smartphones_handed_over").await;
    let place = commune.party().place_id.unwrap();
    let input = json!({ "communeId": place.to_string(), "activityId": phones.id.to_string(),
        "quantity": 1, "dueOn": "2026-12-31", "idempotencyKey": app.key() });
    commune.act(RAISE, input).await.text_at("/raiseNeed/need/id").to_owned()
}

/// Events under everybody's key about what nobody but the overseers may see.
async fn pass_over(app: &TestApp, count: i64) {
    let hidden = app.telecom().await;
    let hidden = app.commitment(hidden.party()).between_parties().await;
    let mut log = app.all(event::Entity).await;
    log.sort_by_key(|event| event.position);
    let last = log.pop().unwrap();
    let db = app.db().writer();
    let positions = || last.position + 1..=last.position + count;
    let events = positions().map(|position| {
        event::ActiveModel::from(event::Model {
            position,
            id: Uuid::from_u128(position.unsigned_abs().into()).into(),
            subject: hidden.id.to_string(),
            hash: position.to_string(),
            ..last.clone()
        })
    });
    event::Entity::insert_many(events).exec_without_returning(db).await.unwrap();
    let audience = positions().map(|position| event_audience::ActiveModel {
        audience_id: Set(Uuid::nil()),
        position: Set(position),
    });
    event_audience::Entity::insert_many(audience).exec_without_returning(db).await.unwrap();
}

/// A Vietnamese day begins.
async fn begin(app: &TestApp, day: &str) {
    app.settle().await;
    app.clock.set_date(day);
    reach::refresh(&app.api).await.unwrap();
}
