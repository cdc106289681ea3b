//! The shipped lists, one after another and at once, and names as they are stored.

use std::sync::Arc;

use api::registry::{self, Source};
use entity::{event, party, place, reach};
use serde_json::Value;
use tests::{TestApp, TestClock};

use super::{Files, Fresh, shipped};

#[tokio::test]
async fn the_pilot_is_imported_once_and_leaves_one_event() {
    let fresh = Fresh::start().await;

    let first = fresh.import(&Source::Pilot).await;
    let events = fresh.events().await;
    let second = fresh.import(&Source::Pilot).await;

    assert_eq!(first.table("places").inserted, 2 + 8 + 108 + 92 + 1);
    assert_eq!(first.table("enrolments").inserted, 8);
    assert!(!second.is_changed(), "{second}");
    let [event] = &events[..] else { panic!("not one event: {events:#?}") };
    assert_eq!((&*event.r#type, &*event.subject), ("REGISTRY_IMPORTED", "registry"));
    let data: Value = serde_json::from_str(&event.data).unwrap();
    assert_eq!(data["source"], "pilot");
    assert_eq!(data["tables"]["enrolments"]["inserted"], 8);
    assert_eq!(fresh.events().await, events);
}

#[tokio::test]
async fn the_built_in_pilot_is_the_directory_of_the_pilot() {
    let app = TestApp::start().await;
    let before = app.all(event::Entity).await.len();

    let report = registry::import(&app.api, &shipped("pilot")).await.unwrap();

    assert!(!report.is_changed(), "{report}");
    assert_eq!(app.all(event::Entity).await.len(), before);
    assert!(registry::is_current(&app.api, &Source::Pilot).await.unwrap());
    assert!(!registry::is_current(&app.api, &Source::Demo).await.unwrap());
}

#[tokio::test]
async fn an_import_is_followed_by_reach() {
    let app = TestApp::start().await;

    registry::import(&app.api, &Source::Demo).await.unwrap();

    let new = app.party_by_code("VT-MAU-1").await;
    let rows = app.all(reach::Entity).await;
    assert!(rows.iter().any(|row| row.party_id == new.id && row.principal_id == new.id));
}

#[tokio::test]
async fn text_is_composed_and_tidied_before_it_is_stored() {
    let fresh = Fresh::start().await;
    let decomposed = "Xã  Nghi\u{303}a   Ta\u{301} ";
    let files = Files::new().with(
        "communes_after.csv",
        format!(
            "\u{feff}code,name,kind,province_code,province_name\r\n\
             02071,{decomposed},XA,19,Ti\u{309}nh Tha\u{301}i Nguye\u{302}n\r\n"
        ),
    );

    fresh.import(&files.source()).await;
    let again = fresh.import(&files.source()).await;

    let mut names: Vec<_> =
        fresh.rows(place::Entity).await.into_iter().map(|row| (row.name, row.search_key)).collect();
    names.sort();
    let stored = [
        ("Tỉnh Thái Nguyên".to_owned(), " tinh thai nguyen".to_owned()),
        ("Xã Nghĩa Tá".to_owned(), " xa nghia ta".to_owned()),
    ];
    assert_eq!(names, stored);
    assert!(!again.is_changed(), "{again}");
}

#[tokio::test]
async fn a_name_that_differs_in_the_place_of_the_tone_stays_and_another_name_replaces_it() {
    let fresh = Fresh::start().await;
    let list = |name: &str| {
        Files::new().with(
            "communes_after.csv",
            format!("code,name,kind,province_code,province_name\n01849,{name},xa,19,Tỉnh Mẫu\n"),
        )
    };
    fresh.import(&list("Xã Trung Hòa").source()).await;
    let id = commune(&fresh).await.id;

    let respelled = fresh.import(&list("Xã Trung Hoà").source()).await;
    let kept = commune(&fresh).await;
    let renamed = fresh.import(&list("Xã Trung Hậu").source()).await;
    let changed = commune(&fresh).await;

    assert!(!respelled.is_changed(), "{respelled}");
    assert_eq!((&*kept.name, kept.id), ("Xã Trung Hòa", id));
    assert_eq!(renamed.table("places").updated, 1);
    assert_eq!((&*changed.name, changed.id), ("Xã Trung Hậu", id));
    assert_eq!(changed.search_key, " xa trung hau");
}

#[tokio::test]
async fn imports_at_once_are_serialised_and_make_everything_once() {
    let fresh = Fresh::start().await;
    let app = &fresh.app;

    let (one, two, three) = tokio::join!(
        registry::import(app, &Source::Pilot),
        registry::import(app, &Source::Pilot),
        registry::import(app, &Source::Pilot),
    );

    let mut changed: Vec<bool> =
        [one, two, three].into_iter().map(|report| report.unwrap().is_changed()).collect();
    changed.sort_unstable();
    assert_eq!(changed, [false, false, true]);
    assert_eq!(fresh.events().await.len(), 1);
    let places = fresh.rows(place::Entity).await;
    assert_eq!(places.len(), 2 + 8 + 108 + 92 + 1);
}

#[tokio::test]
async fn an_import_that_changes_nothing_keeps_no_trace_of_its_clock() {
    let fresh = Fresh::start().await;
    fresh.import(&Source::Pilot).await;
    let before = fresh.rows(party::Entity).await;
    let later = Arc::new(TestClock::on("2027-05-05"));
    let personas = api::http::auth::Personas::default();
    let app = api::app::App::new(fresh.app.db.clone(), later, personas);

    registry::import(&app, &Source::Pilot).await.unwrap();

    assert_eq!(fresh.rows(party::Entity).await, before);
}

async fn commune(fresh: &Fresh) -> place::Model {
    let rows = fresh.rows(place::Entity).await;
    rows.into_iter().find(|row| row.code == "01849").unwrap()
}
