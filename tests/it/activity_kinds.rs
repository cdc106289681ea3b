//! Activity kinds: what is counted, in which unit; what never changes of them, and what may.

use entity::activity_kind::{self, Measure, Pillar};
use serde_json::{Value, json};
use tests::{
    TestApp,
    introspection::{self, Schema, list, name},
};

use crate::authz::{last_event, mutation};

const SHOWN: &str = "activityKind { id version code name unit precision measure pillar promisers
    forcesParties }";

fn wanted(app: &TestApp) -> Value {
    json!({ "code": "loa_thong_minh", "name": " Loa  tho\u{302}ng minh ",
        "nameEn": "Smart speakers", "unit": "ca\u{301}i", "unitEn": "piece", "precision": 2,
        "measure": "STOCK", "pillar": "DIGITAL_ECONOMY",
        "promisers": ["BANK", "TELECOM_COMPANY", "BANK"], "forcesParties": true,
        "idempotencyKey": app.key() })
}

#[tokio::test]
async fn the_coordinator_defines_an_activity_kind() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;

    let reply = coordinator.act(&mutation("defineActivityKind", SHOWN), wanted(&app)).await;

    let shown = &reply.expect_ok()["defineActivityKind"]["activityKind"];
    assert_eq!((&shown["name"], &shown["version"]), (&json!("Loa thông minh"), &json!(1)));
    assert_eq!(shown["promisers"].as_array().unwrap().len(), 2);
    let row = app.activity("loa_thong_minh").await;
    assert_eq!((row.unit.as_str(), row.unit_en.as_str()), ("cái", "piece"));
    assert_eq!(
        (row.precision, row.measure, row.pillar),
        (2, Measure::Stock, Pillar::DigitalEconomy)
    );
    assert!(row.forces_parties);
    let (event, data) = last_event(&app).await;
    assert_eq!(
        (event.r#type.as_str(), event.subject),
        ("ACTIVITY_KIND_DEFINED", row.id.to_string())
    );
    assert_eq!((&data["after"]["precision"], &data["after"]["unit"]), (&json!(2), &json!("cái")));
    let query = "{ activityKinds(first: 9, filter: { search: \"loa thong\" }) { nodes { code } } }";
    let found = app.public().ask(query).await;
    assert_eq!(found.column("/activityKinds", "code"), ["loa_thong_minh"]);
}

#[tokio::test]
async fn a_revision_replaces_the_words_and_leaves_the_measure() {
    let app = TestApp::start().await;
    let kind = app.activity_kind("loa_cu").await;
    let input = json!({ "id": kind.id.to_string(), "name": "Loa mới", "nameEn": "New speakers",
        "pillar": "DIGITAL_GOVERNMENT", "promisers": ["DEPARTMENT"], "forcesParties": true,
        "expectedVersion": 1 });

    let reply = app.coordinator().await.act(&mutation("reviseActivityKind", SHOWN), input).await;

    assert_eq!(reply.expect_ok()["reviseActivityKind"]["activityKind"]["version"], 2);
    let row = app.reload(&kind).await;
    assert_eq!((row.name.as_str(), row.name_en.as_str()), ("Loa mới", "New speakers"));
    assert_eq!((row.pillar, row.forces_parties), (Pillar::DigitalGovernment, true));
    assert_eq!((row.code, row.unit), (kind.code, kind.unit));
    assert_eq!((row.precision, row.measure), (kind.precision, kind.measure));
    let (event, data) = last_event(&app).await;
    assert_eq!(
        (event.r#type.as_str(), event.subject),
        ("ACTIVITY_KIND_REVISED", kind.id.to_string())
    );
    assert_eq!(
        (&data["before"]["name"], &data["after"]["name"]),
        (&json!(kind.name), &json!("Loa mới"))
    );
    let query = "{ new: activityKinds(first: 9, filter: { search: \"loa moi\" }) { totalCount }
        old: activityKinds(first: 9, filter: { search: \"hoat dong thu\" }) { totalCount } }";
    let found = app.public().ask(query).await;
    assert_eq!(
        found.expect_ok(),
        &json!({ "new": { "totalCount": 1 }, "old": { "totalCount": 0 } })
    );
}

#[tokio::test]
async fn no_revision_names_the_code_unit_precision_or_measure() {
    let app = TestApp::start().await;

    let reply = app.coordinator().await.ask(introspection::QUERY).await;

    let schema = Schema::new(reply.expect_ok());
    let input = schema.types().find(|ty| name(ty) == "ReviseActivityKindInput").unwrap();
    let fields: Vec<&str> = list(input, "inputFields").iter().map(name).collect();
    for never in ["code", "unit", "unitEn", "precision", "measure"] {
        assert!(!fields.contains(&never), "{never} never changes");
    }
}

#[tokio::test]
async fn the_database_keeps_code_unit_precision_and_measure_too() {
    let app = TestApp::start().await;
    let kind = app.activity_kind("loa_cu").await;

    for change in ["code = 'loa_khac'", "unit = 'bộ'", "precision = 3", "measure = 'STOCK'"] {
        let sql = format!("UPDATE activity_kind SET {change} WHERE code = 'loa_cu'");
        let refused = app.sql(&sql).await.unwrap_err().to_string();
        assert!(refused.contains("unit is for ever"), "{change}: {refused}");
    }
    assert_eq!(app.reload(&kind).await, kind);
}

#[tokio::test]
async fn a_code_is_defined_once_and_the_known_kind_is_shown() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    let define = mutation("defineActivityKind", SHOWN);
    let first = coordinator.act(&define, wanted(&app)).await;

    let again = coordinator.act(&define, wanted(&app)).await;

    again.expect_refusal_at("ALREADY_RECORDED", "code");
    let shown = again.at("/defineActivityKind/activityKind");
    assert_eq!(shown, first.at("/defineActivityKind/activityKind"));
    let rows = app.all(activity_kind::Entity).await;
    assert_eq!(rows.iter().filter(|row| row.code == "loa_thong_minh").count(), 1);
}

#[tokio::test]
async fn names_and_units_come_in_the_language_that_is_asked_for() {
    let app = TestApp::start().await;
    app.activity_kind("loa_cu").await;
    let query = "{ activityKind(by: { code: \"loa_cu\" }) {
        name unit vi: name(language: VI) en: unit(language: EN) } }";

    let vietnamese = app.public().ask(query).await;
    let english = app.public().in_english().ask(query).await;

    let expected = json!({ "name": "Hoạt động thử", "unit": "cái", "vi": "Hoạt động thử",
        "en": "piece" });
    assert_eq!(vietnamese.at("/activityKind"), &expected);
    let expected = json!({ "name": "Test activity", "unit": "piece", "vi": "Hoạt động thử",
        "en": "piece" });
    assert_eq!(english.at("/activityKind"), &expected);
}
