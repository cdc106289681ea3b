//! Commitments with all that hangs on them, each with parties, place, activity and papers of its
//! own.

use entity::{
    activity_kind, commitment, delivery, need,
    party::{self, Kind},
    place::Level,
};
use tests::{TestApp, day};

use super::{MARK, ROWS, parties, some_documents, units};

/// What a row of the ledger leads to.
struct Ledger {
    commitments: Vec<commitment::Model>,
    needs: Vec<need::Model>,
    deliveries: Vec<delivery::Model>,
    receivers: Vec<party::Model>,
}

pub async fn commitments(app: &TestApp) -> String {
    Ledger::of(app).await;
    by_bundle()
}

pub async fn deliveries(app: &TestApp) -> String {
    let ledger = Ledger::of(app).await;
    let ids = ledger.deliveries.iter().map(|row| format!("\"{}\"", row.id));
    format!("filter: {{ id: {{ in: [{}] }} }}", ids.collect::<Vec<_>>().join(", "))
}

pub async fn needs(app: &TestApp) -> String {
    Ledger::of(app).await;
    format!("filter: {{ dueOn: {{ eq: \"{MARK}\" }} }}")
}

pub async fn notes(app: &TestApp) -> String {
    let ledger = Ledger::of(app).await;
    let addressees = parties(app, Kind::Bank).await;
    let notes = ledger.deliveries.iter().zip(ledger.receivers.iter().zip(&addressees));
    app.insert(notes.map(|(delivery, (by, to))| {
        let note = app.note(by).on_delivery(delivery).to(to);
        note.with(|row| {
            (row.due_on, row.status) = (Some(day(MARK)), entity::note::Status::Done);
            (row.done_at, row.done_by_id) = (Some(row.written_at), Some(to.id));
        })
    }))
    .await;
    format!("filter: {{ dueOn: {{ eq: \"{MARK}\" }} }}")
}

fn by_bundle() -> String {
    format!("filter: {{ bundle: {{ eq: \"{MARK}\" }} }}")
}

impl Ledger {
    async fn of(app: &TestApp) -> Self {
        let places = units(app, Level::Commune).await;
        let receivers = app
            .insert(places.iter().map(|place| app.party(Kind::CommuneAuthority).at(place)))
            .await;
        let kinds = (0..ROWS).map(|number| app.activity_kind(&format!("hang_loat_{number}")));
        let kinds: Vec<activity_kind::Model> = app.insert(kinds).await;
        let needs = receivers
            .iter()
            .zip(&kinds)
            .map(|(receiver, kind)| app.need(receiver, kind).with(|row| row.due_on = day(MARK)));
        let needs = app.insert(needs).await;
        let commitments = promises(app, &kinds, &needs).await;
        let deliveries = entries(app, &commitments, &needs).await;
        hang(app, &commitments, &deliveries, &receivers).await;
        Self { commitments, needs, deliveries, receivers }.checked()
    }

    fn checked(self) -> Self {
        assert_eq!([self.commitments.len(), self.needs.len(), self.deliveries.len()], [ROWS; 3]);
        self
    }
}

async fn promises(
    app: &TestApp,
    kinds: &[activity_kind::Model],
    needs: &[need::Model],
) -> Vec<commitment::Model> {
    let (givers, joint) = (parties(app, Kind::Bank).await, parties(app, Kind::Bank).await);
    let (carriers, enterers) = (parties(app, Kind::Bank).await, parties(app, Kind::Bank).await);
    let funds = (0..ROWS).map(|number| app.funding_source(&format!("nguon_{number}")));
    let funds = app.insert(funds).await;
    let declined = givers.iter().zip(kinds).map(|(giver, kind)| {
        app.commitment(giver).of(kind).with(|row| {
            row.status = commitment::Status::Declined;
            row.reason = Some("Chưa cần".to_owned());
        })
    });
    let declined = app.insert(declined).await;
    let builds = (0..ROWS).map(|i| {
        let build = app.commitment(&givers[i]).of(&kinds[i]).joint(&joint[i]);
        build.carrier(&carriers[i]).with(|row| {
            row.place_id = needs[i].commune_id;
            row.need_id = Some(needs[i].id);
            row.funding_source_id = Some(funds[i].id);
            row.replaces_id = Some(declined[i].id);
            row.bundle = Some(MARK.to_owned());
            row.entered_by_id = enterers[i].id;
            row.external_reference = Some(format!("CK-{i}"));
        })
    });
    app.insert(builds).await
}

async fn entries(
    app: &TestApp,
    commitments: &[commitment::Model],
    needs: &[need::Model],
) -> Vec<delivery::Model> {
    let (reporters, enterers) = (parties(app, Kind::Bank).await, parties(app, Kind::Bank).await);
    let asking = parties(app, Kind::Bank).await;
    let builds = (0..ROWS).map(|i| {
        app.delivery(&commitments[i]).settled(9).with(|row| {
            row.commune_id = Some(needs[i].commune_id);
            (row.reported_by_id, row.entered_by_id) = (reporters[i].id, enterers[i].id);
            row.reversal_requested_by_id = Some(asking[i].id);
            row.external_reference = Some(format!("GN-{i}"));
        })
    });
    app.insert(builds).await
}

/// Documents, amendments, words and notes on each of them.
async fn hang(
    app: &TestApp,
    commitments: &[commitment::Model],
    deliveries: &[delivery::Model],
    receivers: &[party::Model],
) {
    let documents = some_documents(app).await;
    let based = commitments.iter().zip(&documents);
    app.insert(based.map(|(commitment, document)| app.basis(commitment, document))).await;
    let amended = commitments.iter().zip(&documents).zip(receivers);
    app.insert(amended.map(|((commitment, document), by)| {
        app.amendment(commitment, document).with(|row| row.decided_by_id = Some(by.id))
    }))
    .await;
    let said = deliveries.iter().zip(receivers);
    app.insert(said.clone().map(|(delivery, by)| app.verification(delivery, by))).await;
    app.insert(said.map(|(delivery, by)| app.note(by).on_delivery(delivery))).await;
    let noted = commitments.iter().zip(receivers);
    app.insert(noted.map(|(commitment, by)| app.note(by).on_commitment(commitment))).await;
}
