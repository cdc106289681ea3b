//! `camket verify-log` on a log that somebody with every right in the database has been at.

use std::process::Output;

use api::{domain::event::verify::Mark, tx::chained};
use entity::{event, event_audience, event_head};
use serde_json::json;
use tests::{TestApp, is_postgres};

use super::{complaint, printed, run};

const DEFINE: &str = "mutation ($input: DefinePartyInput!) {
    defineParty(input: $input) { party { id } userErrors { code } } }";

const ISSUE: &str = "mutation ($input: IssueTokenInput!) {
    issueToken(input: $input) { apiToken { id } userErrors { code } } }";

/// What is said where neither the event nor whom it is for may be what was recorded.
const CHANGED: &str =
    "is not what was recorded or not for whom, or does not follow from the one before";

/// A log, of which the last but two is for one party alone.
struct Forgery {
    app: TestApp,
    last: i64,
}

#[tokio::test]
async fn a_whole_log_is_said_to_be_whole_with_a_mark_to_keep() {
    let forgery = Forgery::begin().await;

    let output = forgery.verify(&[]);

    let mark = forgery.mark().await;
    let told = printed(&output);
    assert!(told.starts_with("the event log is whole: "), "{told}");
    assert!(told.ends_with(&format!("keep this outside of the database: {mark}\n")), "{told}");
    printed(&forgery.verify(&[&mark.to_string()]));
}

#[tokio::test]
async fn what_is_not_a_mark_is_an_error_of_usage() {
    let forgery = Forgery::begin().await;

    let output = forgery.verify(&["42:0f"]);

    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[tokio::test]
async fn an_edited_event_is_found_at_its_position() {
    let forgery = Forgery::begin().await;
    let last = forgery.last;

    forgery.sql(&format!("UPDATE event SET data = '{{}}' WHERE position = {last}")).await;

    forgery.expect(&[], &format!("position {last} {CHANGED}"));
}

#[tokio::test]
async fn a_deleted_event_is_missed_at_its_position() {
    let forgery = Forgery::begin().await;
    let gone = forgery.last - 1;

    forgery.sql(&format!("DELETE FROM event_audience WHERE position = {gone}")).await;
    forgery.sql(&format!("DELETE FROM event WHERE position = {gone}")).await;

    forgery.expect(&[], &format!("position {gone} is missing"));
}

#[tokio::test]
async fn two_events_that_changed_places_are_both_found() {
    let forgery = Forgery::begin().await;
    let (one, other) = (forgery.last - 1, forgery.last);

    for (from, to) in [(one, 9_999), (other, one), (9_999, other)] {
        let sql = format!("UPDATE event SET position = {to} WHERE position = {from}");
        forgery.sql(&sql).await;
    }

    forgery.expect(&[], &format!("position {one} {CHANGED}; position {other} {CHANGED}"));
}

#[tokio::test]
async fn an_event_that_somebody_put_at_the_end_does_not_follow() {
    let forgery = Forgery::begin().await;
    let (last, new) = (forgery.last, forgery.last + 1);

    forgery
        .sql(&format!(
            "INSERT INTO event (position, id, type, subject, recorded_at, data, hash)
             SELECT {new}, actor_id, type, subject, recorded_at, data, 'x' FROM event
             WHERE position = {last}"
        ))
        .await;

    forgery.expect(&[], &format!("position {new} {CHANGED}"));
}

#[tokio::test]
async fn whom_an_event_is_for_cannot_be_changed_unseen() {
    let forgery = Forgery::begin().await;
    let (private, public) = (forgery.last - 2, forgery.last);
    let nobody =
        if is_postgres() { "uuid '00000000-0000-0000-0000-000000000000'" } else { "zeroblob(16)" };

    for (position, sql) in [
        (private, format!("DELETE FROM event_audience WHERE position = {private}")),
        (private, format!("INSERT INTO event_audience VALUES ({nobody}, {private})")),
        (public, format!("DELETE FROM event_audience WHERE position = {public}")),
    ] {
        let forgery = Forgery::begin().await;
        forgery.sql(&sql).await;
        forgery.expect(&[], &format!("position {position} {CHANGED}"));
    }
}

#[tokio::test]
async fn hashes_made_anew_to_the_end_do_not_fit_the_head() {
    let forgery = Forgery::begin().await;
    let (edited, last) = (forgery.last - 1, forgery.last);

    forgery.sql(&format!("UPDATE event SET data = '{{}}' WHERE position = {edited}")).await;
    forgery.hash_anew_from(edited).await;

    forgery.expect(&[], &format!("the head has another hash than position {last}"));
}

#[tokio::test]
async fn hashes_made_anew_with_the_head_do_not_fit_the_mark_kept_outside() {
    let forgery = Forgery::begin().await;
    let (edited, mark) = (forgery.last - 1, forgery.mark().await);

    forgery.sql(&format!("UPDATE event SET data = '{{}}' WHERE position = {edited}")).await;
    let hash = forgery.hash_anew_from(edited).await;
    forgery.sql(&format!("UPDATE event_head SET hash = '{hash}'")).await;

    printed(&forgery.verify(&[]));
    let last = mark.position;
    let told = format!("position {last} has another hash than the one kept outside");
    forgery.expect(&[&mark.to_string()], &told);
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_shorter_than_its_head_or_the_mark() {
    let forgery = Forgery::begin().await;
    let (last, mark) = (forgery.last, forgery.mark().await);
    let now = last - 1;

    forgery.sql(&format!("DELETE FROM event_audience WHERE position = {last}")).await;
    forgery.sql(&format!("DELETE FROM event WHERE position = {last}")).await;
    forgery.expect(&[], &format!("the log ends at position {now}, and its head says {last}"));

    let head = format!(
        "UPDATE event_head SET position = {now},
         hash = (SELECT hash FROM event WHERE position = {now})"
    );
    forgery.sql(&head).await;
    printed(&forgery.verify(&[]));
    let told = format!("position {last} was there once, and the log ends at {now}");
    forgery.expect(&[&mark.to_string()], &told);
}

#[tokio::test]
async fn an_audience_without_its_event_is_found() {
    let forgery = Forgery::begin().await;

    forgery
        .sql("INSERT INTO event_audience SELECT audience_id, 9999 FROM event_audience LIMIT 1")
        .await;

    forgery.expect(&[], "position 9999 has readers and no event");
}

impl Forgery {
    /// What the database refuses is no longer refused.
    async fn begin() -> Self {
        let app = TestApp::start().await;
        let coordinator = app.coordinator().await;
        let token = json!({ "partyId": coordinator.party().id.to_string(), "role": "VIEWER",
            "scopes": ["READ"], "idempotencyKey": app.key() });
        coordinator.act(ISSUE, token).await.expect_ok();
        for code in ["NH-1", "NH-2"] {
            let bank = json!({ "kind": "BANK", "code": code, "name": "Ngân hàng thử",
                "validFrom": "2026-01-01", "idempotencyKey": app.key() });
            coordinator.act(DEFINE, bank).await.expect_ok();
        }
        for table in ["event", "event_audience", "event_head"] {
            if is_postgres() {
                let sql = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
                app.sql(&sql).await.unwrap();
                continue;
            }
            let triggers = format!(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
            );
            for row in app.rows(&triggers).await {
                let name: String = row.try_get("", "name").unwrap();
                app.sql(&format!("DROP TRIGGER {name}")).await.unwrap();
            }
        }
        if !is_postgres() {
            app.sql("PRAGMA foreign_keys = OFF").await.unwrap();
        }
        let last = app.all(event::Entity).await.len() as i64;
        Self { app, last }
    }

    async fn sql(&self, sql: &str) {
        let done = self.app.sql(sql).await.unwrap();
        assert!(done.rows_affected() > 0, "nothing was forged: {sql}");
    }

    /// Makes every hash follow again from the one before it; answers the last.
    async fn hash_anew_from(&self, position: i64) -> String {
        let mut log = self.app.all(event::Entity).await;
        log.sort_by_key(|event| event.position);
        let audience = self.app.all(event_audience::Entity).await;
        let mut hash = log[position as usize - 2].hash.clone();
        for event in &log[position as usize - 1..] {
            let told = audience.iter().filter(|row| row.position == event.position);
            hash = chained(&hash, event, &told.map(|row| row.audience_id).collect());
            let position = event.position;
            self.sql(&format!("UPDATE event SET hash = '{hash}' WHERE position = {position}"))
                .await;
        }
        hash
    }

    /// What the head says.
    async fn mark(&self) -> Mark {
        let [head] = &self.app.all(event_head::Entity).await[..] else { panic!("not one head") };
        Mark { position: head.position, hash: head.hash.clone() }
    }

    fn verify(&self, expected: &[&str]) -> Output {
        let mut arguments = vec!["verify-log"];
        arguments.extend(expected.iter().flat_map(|mark| ["--expect", mark]));
        run(&arguments, &[("CAMKET_DATABASE__URL", self.app.database_url())])
    }

    #[track_caller]
    fn expect(&self, marks: &[&str], fault: &str) {
        let output = self.verify(marks);
        let told = complaint(&output);
        let faults = told.strip_prefix("the event log was tampered with: ");
        let faults = faults.unwrap_or_else(|| panic!("{told}"));
        assert!(faults.starts_with(fault), "{fault}: {told}");
    }
}
