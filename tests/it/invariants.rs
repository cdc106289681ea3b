//! What the database itself refuses, whoever writes to it, on either engine.

use entity::{party::Kind, party_mark::Mark, place::Level};
use tests::TestApp;

mod append_only;
mod checks;

#[tokio::test]
async fn a_code_names_one_place_at_a_time() {
    let app = TestApp::start().await;
    let province = app.province().await;
    let place =
        |from, to| app.place(Level::Commune, "99001", "Xã Thử").inside(&province).valid(from, to);
    place("2020-01-01", Some("2022-01-01")).await;
    place("2023-01-01", None).await;

    for (from, to) in [
        ("2019-01-01", None),
        ("2019-01-01", Some("2020-01-02")),
        ("2021-12-31", Some("2022-06-01")),
        ("2022-06-01", None),
        ("2030-01-01", Some("2031-01-01")),
    ] {
        let cause = place(from, to).refused().await;
        assert!(cause.contains("place validity overlaps"), "{from} {to:?}: {cause}");
    }
    place("2022-01-01", Some("2023-01-01")).await;
}

#[tokio::test]
async fn a_place_does_not_grow_into_another_of_its_code() {
    let app = TestApp::start().await;

    let later =
        "UPDATE place SET valid_to = '2025-07-02' WHERE code = '01912' AND valid_to IS NOT NULL";
    let moved = "UPDATE place SET code = '02014' WHERE code = '02071' AND valid_to IS NULL";

    refuses(&app, later, "place validity overlaps").await;
    refuses(&app, moved, "place validity overlaps").await;
}

#[tokio::test]
async fn a_department_is_assigned_to_a_commune_once_at_a_time() {
    let app = TestApp::start().await;
    let (department, other) =
        (app.party(Kind::Department).await, app.party(Kind::Department).await);
    let commune = app.commune("02014").await;
    app.assignment(&department, &commune).valid("2026-01-01", Some("2026-06-01")).await;

    let overlapping = app.assignment(&department, &commune).valid("2026-05-31", None);

    let cause = overlapping.refused().await;
    assert!(cause.contains("assignment validity overlaps"), "{cause}");
    app.assignment(&department, &commune).valid("2026-06-01", None).await;
    app.assignment(&other, &commune).valid("2026-05-31", None).await;
}

#[tokio::test]
async fn a_commune_is_enrolled_once_at_a_time() {
    let app = TestApp::start().await;
    let commune = app.commune("02014").await;
    app.enrolment(&commune).await;

    let cause = app.enrolment(&commune).refused().await;

    assert!(cause.contains("enrolment validity overlaps"), "{cause}");
}

#[tokio::test]
async fn events_are_neither_changed_nor_deleted() {
    let app = TestApp::start().await;

    for (sql, message) in [
        ("UPDATE event SET data = '{}'", "event is append only update"),
        ("UPDATE event SET hash = hash", "event is append only update"),
        ("DELETE FROM event", "event is append only delete"),
        ("DELETE FROM event_head", "event head stays"),
        ("UPDATE event_audience SET position = 1", "event audience is append only update"),
        ("DELETE FROM event_audience", "event audience is append only delete"),
    ] {
        refuses(&app, sql, message).await;
    }
}

#[tokio::test]
async fn a_party_keeps_its_code_for_ever() {
    let app = TestApp::start().await;
    app.party(Kind::Bank).code("NH-THU").await;

    let renamed = "UPDATE party SET code = 'NH-KHAC' WHERE code = 'NH-THU'";

    refuses(&app, renamed, "party code is for ever").await;
    app.sql("UPDATE party SET name = 'Tên khác' WHERE code = 'NH-THU'").await.unwrap();
}

#[tokio::test]
async fn what_quantities_are_read_by_never_changes() {
    let app = TestApp::start().await;
    app.activity_kind("thu_nghiem").await;

    for change in ["code = 'khac'", "unit = 'bộ'", "precision = 2", "measure = 'STOCK'"] {
        let sql = format!("UPDATE activity_kind SET {change} WHERE code = 'thu_nghiem'");
        refuses(&app, &sql, "activity kind unit is for ever").await;
    }
    app.sql("UPDATE activity_kind SET name = 'Tên khác' WHERE code = 'thu_nghiem'").await.unwrap();
}

#[tokio::test]
async fn what_is_unique_stays_unique() {
    let app = TestApp::start().await;
    let (bank, telecom) = (app.party(Kind::Bank).await, app.party(Kind::TelecomCompany).await);
    let (commune, province) = (app.commune("02014").await, app.province().await);
    let document = app.document(&bank).await;
    let task = app.task(&document).await;
    let answer = app.answer(&task, &bank).await;
    let member = app.member(&bank).await;
    let old = app.commune("01912").await;
    app.place_succession(&commune, &old).await;
    app.party_succession(&bank, &telecom, "2026-01-01").await;
    app.mark(&bank, Mark::Leadership, &province).await;
    app.names(&document, &telecom).await;
    app.activity_kind("thu_nghiem").await;

    let twice = [
        app.party(Kind::Bank).code(&bank.code).refused().await,
        app.party(Kind::CommuneAuthority).at(&commune).refused().await,
        app.document(&bank).with(|row| row.number.clone_from(&document.number)).refused().await,
        app.task(&document).with(|row| row.ordinal = task.ordinal).refused().await,
        app.answer(&task, &bank).refused().await,
        app.member(&bank).with(|row| row.subject.clone_from(&member.subject)).refused().await,
        app.place_succession(&commune, &old).refused().await,
        app.party_succession(&bank, &telecom, "2026-02-01").refused().await,
        app.mark(&bank, Mark::Leadership, &province).refused().await,
        app.names(&document, &telecom).refused().await,
        app.activity_kind("thu_nghiem").refused().await,
    ];

    for cause in twice {
        assert!(cause.to_lowercase().contains("unique"), "{cause}");
    }
    assert_eq!(app.reload(&answer).await, answer);
}

#[tokio::test]
async fn a_removed_member_may_join_again() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).await;
    let left = app.member(&bank).with(|row| row.removed_at = Some(row.joined_at)).await;

    let back = app.member(&bank).with(|row| row.subject.clone_from(&left.subject)).attempt().await;

    assert!(back.is_ok(), "{back:?}");
}

#[tokio::test]
async fn rows_point_at_rows_that_exist() {
    let app = TestApp::start().await;
    let bank = app.party(Kind::Bank).await;
    let mut gone = bank.clone();
    gone.id = uuid::Uuid::nil().into();

    let dangling = [
        app.party(Kind::Bank).branch_of(&gone).refused().await,
        app.member(&gone).refused().await,
        app.document(&gone).refused().await,
        app.mandate(&bank, &gone).refused().await,
        app.party_succession(&bank, &gone, "2026-01-01").refused().await,
    ];

    for cause in dangling {
        assert!(cause.to_lowercase().contains("foreign key"), "{cause}");
    }
}

#[tokio::test]
async fn parties_and_places_are_not_deleted_from_under_their_history() {
    let app = TestApp::start().await;

    for sql in ["DELETE FROM party WHERE code = 'UBND-02014-2025'", "DELETE FROM place"] {
        let cause = app.sql(sql).await.unwrap_err().to_string();
        assert!(cause.to_lowercase().contains("foreign key"), "{sql}: {cause}");
    }
}

/// Expects the database to refuse a statement with these words.
async fn refuses(app: &TestApp, sql: &str, words: &str) {
    match app.sql(sql).await {
        Err(cause) => assert!(cause.to_string().contains(words), "{sql}: {cause}"),
        Ok(result) => panic!("{sql} changes {} rows", result.rows_affected()),
    }
}
