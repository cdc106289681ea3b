//! What a party gains and loses without anybody doing anything to it: by date, by a mandate, and in
//! the night of a succession.

use entity::{event, event_audience, mandate::Act, party::Kind};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use tests::{Actor, TestApp, day};
use uuid::Uuid;

use super::{Told, begin, deliver, end, need, page, types};

const GAINED: &str = "SCOPE_GAINED";
const LOST: &str = "SCOPE_LOST";

#[tokio::test]
async fn an_assignment_is_told_on_the_day_it_begins_and_on_the_day_it_ends() {
    let app = TestApp::start().await;
    let (department, other) = (app.department().await, app.department().await);
    let commune = app.commune("02071").await;
    app.assignment(department.party(), &commune).valid("2026-11-25", Some("2026-11-27")).await;
    app.settle().await;
    let (start, elsewhere) = (end(&department).await, end(&other).await);
    let place = commune.id.to_string();

    for (day, told) in [
        ("2026-11-24", &[][..]),
        ("2026-11-25", &[(GAINED, &*place)]),
        ("2026-11-26", &[(GAINED, &place)]),
        ("2026-11-27", &[(GAINED, &place), (LOST, &place)]),
    ] {
        begin(&app, day).await;
        assert_eq!(scopes(&page(&department, Some(&start), 100).await.told), told, "{day}");
    }
    assert_eq!(scopes(&page(&other, Some(&elsewhere), 100).await.told), []);
}

#[tokio::test]
async fn what_happened_before_it_came_into_sight_is_read_and_not_told() {
    let app = TestApp::start().await;
    let (department, telecom) = (app.department().await, app.telecom().await);
    let commune = app.commune("02071").await;
    app.assignment(department.party(), &commune).valid("2026-11-25", None).await;
    app.settle().await;
    let start = end(&department).await;
    deliver(&app, &telecom, 1).await;
    need(&app, &app.commune_officer("02071").await).await;
    let passed = page(&department, Some(&start), 100).await;

    begin(&app, "2026-11-25").await;
    deliver(&app, &telecom, 1).await;

    assert_eq!(types(&passed.told), ["NEED_RAISED"]);
    let told = page(&department, Some(&passed.end), 100).await.told;
    assert_eq!(types(&told), [GAINED, "DELIVERY_RECORDED"]);
}

#[tokio::test]
async fn a_mandate_is_told_to_the_agent_about_the_principal() {
    let app = TestApp::start().await;
    let (principal, agent) = (app.telecom().await, app.telecom().await);
    let (of_principal, of_agent) = (end(&principal).await, end(&agent).await);

    let mandate = app.mandate(principal.party(), agent.party()).acts([Act::Record]).await;
    app.settle().await;

    let who = principal.party().id.to_string();
    let told = page(&agent, Some(&of_agent), 100).await;
    assert_eq!(scopes(&told.told), [(GAINED, &*who)]);
    let mut row = mandate.into_active_model();
    row.valid_to = Set(Some(day("2026-11-24")));
    row.update(app.db().writer()).await.unwrap();
    begin(&app, "2026-11-24").await;
    assert_eq!(scopes(&page(&agent, Some(&told.end), 100).await.told), [(LOST, &*who)]);
    assert_eq!(scopes(&page(&principal, Some(&of_principal), 100).await.told), []);
}

#[tokio::test]
async fn a_successor_is_told_that_night_what_it_takes_over() {
    let app = TestApp::start().await;
    let old = app.party(Kind::Department).valid("2026-01-01", Some("2026-11-25")).await;
    let heir = app.party(Kind::Department).valid("2026-01-01", None).await;
    let heir = app.member_of(&heir).await;
    let commune = app.commune("02071").await;
    app.assignment(&old, &commune).await;
    app.party_succession(&old, heir.party(), "2026-11-25").await;
    app.settle().await;
    let old = (app.member_of(&old).await, old);
    let (of_heir, of_old) = (end(&heir).await, end(&old.0).await);

    begin(&app, "2026-11-25").await;

    let told = page(&heir, Some(&of_heir), 100).await.told;
    let (place, predecessor) = (commune.id.to_string(), old.1.id.to_string());
    let mut told = scopes(&told);
    told.sort_unstable();
    let mut expected = [(GAINED, &*place), (GAINED, &*predecessor)];
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert_eq!(page(&old.0, Some(&of_old), 100).await.told, [], "who has ended reads nothing");
}

#[tokio::test]
async fn what_others_gain_is_nobodys_business_but_the_overseers_see_no_noise_either() {
    let app = TestApp::start().await;
    let coordinator = app.coordinator().await;
    app.settle().await;
    let start = end(&coordinator).await;

    app.assignment(app.department().await.party(), &app.commune("02071").await).await;
    app.settle().await;

    assert_eq!(scopes(&page(&coordinator, Some(&start), 100).await.told), []);
    assert!(in_log(&app, &coordinator).await, "and yet it is in the log");
}

/// Whether somebody but this party was told of a gain.
async fn in_log(app: &TestApp, but: &Actor) -> bool {
    let told = app.all(event_audience::Entity).await;
    let but = Uuid::from(but.party().id);
    app.all(event::Entity).await.iter().filter(|event| event.r#type == GAINED).any(|event| {
        let of = told.iter().filter(|row| row.position == event.position);
        of.map(|row| row.audience_id).all(|key| key != but)
    })
}

fn scopes(told: &[Told]) -> Vec<(&str, &str)> {
    let scopes = told.iter().filter(|(_, r#type, _)| r#type.starts_with("SCOPE_"));
    scopes.map(|(_, r#type, subject)| (&**r#type, &**subject)).collect()
}
