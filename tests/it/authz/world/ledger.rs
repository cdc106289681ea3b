//! What of the ledger the grid asks about: promises of everybody, each with an amendment, an entry
//! and a word about it, and a note; and some that differ in where, how long ago and to whom.

use entity::{
    amendment, commitment, delivery, document,
    mandate::Act,
    need, note,
    party::{self, Kind},
    place::{self, Level},
    verification,
};
use sea_orm::Iterable;
use tests::{TestApp, day};

/// A commitment with one of everything that hangs on it.
pub struct Promise {
    pub commitment: commitment::Model,
    pub amendment: amendment::Model,
    /// What the giving side reported.
    pub entry: delivery::Model,
    pub verification: verification::Model,
    /// Written by the giver.
    pub note: note::Model,
}

/// How promises are made: all rest on one public document, and are the same company's unless
/// something else is said.
pub struct Maker<'a> {
    pub app: &'a TestApp,
    pub document: document::Model,
    pub giver: party::Model,
}

type Change<'a> = &'a dyn Fn(&mut commitment::Model);

impl Maker<'_> {
    /// A promise among the parties to a commune, of which 10 are delivered there.
    pub async fn promise(&self, to: &place::Model, change: Change<'_>) -> Promise {
        self.delivered(to, to, change).await
    }

    /// The same to a wider place, delivered in a commune of it.
    pub async fn delivered(
        &self,
        to: &place::Model,
        in_commune: &place::Model,
        change: Change<'_>,
    ) -> Promise {
        let commitment = self.app.commitment(&self.giver).to(to).between_parties();
        let commitment = commitment
            .with(|row| {
                change(row);
                row.entered_by_id = row.giver_id;
            })
            .await;
        let since = commitment.waiting_since;
        let entry = self.app.delivery(&commitment).at(in_commune);
        let entry = entry.on(&in_commune.valid_from.to_string());
        self.with(
            commitment,
            entry.with(|row| row.waiting_since = since.or(row.waiting_since)).await,
        )
        .await
    }

    /// A promise through somebody's hands, with 10 that are there.
    pub async fn carried(&self, to: &place::Model, carrier: &party::Model) -> Promise {
        let commitment = self.app.commitment(&self.giver).to(to).between_parties();
        let commitment = commitment.carrier(carrier).await;
        let entry = self.app.delivery(&commitment).to_carrier(carrier).await;
        self.with(commitment, entry).await
    }

    async fn with(&self, commitment: commitment::Model, entry: delivery::Model) -> Promise {
        let giver = party::Model { id: commitment.giver_id, ..self.giver.clone() };
        let note = self.app.note(&giver).on_commitment(&commitment);
        Promise {
            amendment: self.app.amendment(&commitment, &self.document).await,
            verification: self.app.verification(&entry, &giver).await,
            note: note.await,
            entry,
            commitment,
        }
    }
}

impl Promise {
    /// The ids of all of it.
    pub fn ids(&self) -> [String; 5] {
        [
            self.commitment.id.to_string(),
            self.amendment.id.to_string(),
            self.entry.id.to_string(),
            self.verification.id.to_string(),
            self.note.id.to_string(),
        ]
    }
}

/// Promises of somebody who is nobody's rival, to places that mean something to some column.
pub struct Ledger {
    /// To the commune of the commune's column.
    pub here: Promise,
    /// The same, which has waited for more than fifteen and for less than thirty working days.
    pub late: Promise,
    /// To what that commune succeeded.
    pub succeeded: Promise,
    /// To the province, delivered in that commune.
    pub wide: Promise,
    /// To a commune of the district's column.
    pub in_district: Promise,
    pub public: Promise,
    /// What the commune wrote down itself, of `here`.
    pub receipt: delivery::Model,
    pub need: need::Model,
    pub withdrawn: need::Model,
    pub other_need: need::Model,
    pub on_need: note::Model,
}

impl Ledger {
    pub async fn new(maker: &Maker<'_>, here: &place::Model, district: &place::Model) -> Self {
        let app = maker.app;
        let authority = app.authority_of(here).await.unwrap();
        let nghia_ta = app.commune("02071").await;
        let in_district = app.place(Level::Commune, "99001", "Xã thử").inside(district).await;
        let as_it_is: Change<'_> = &|_| ();
        let late: Change<'_> = &|row| row.waiting_since = Some(day("2026-10-26"));
        let public: Change<'_> = &|row| row.disclosure = commitment::Disclosure::Public;
        let promise = maker.promise(here, as_it_is).await;
        let receipt = app.delivery(&promise.commitment).at(here).receipt(&authority).await;
        let phones = app.activity("smartphones_handed_over").await;
        let need = app.need(&authority, &phones).await;
        let other = app.authority_of(&nghia_ta).await.unwrap();
        Self {
            here: promise,
            late: maker.promise(here, late).await,
            succeeded: maker.promise(&app.place_on("02017", "2025-06-30").await, as_it_is).await,
            wide: maker.delivered(&app.province().await, here, as_it_is).await,
            in_district: maker.promise(&in_district, as_it_is).await,
            public: maker.promise(&nghia_ta, public).await,
            receipt,
            on_need: app.note(&authority).on_need(&need).await,
            need,
            withdrawn: app.need(&authority, &phones).withdrawn().await,
            other_need: app.need(&other, &phones).await,
        }
    }

    pub fn promises(&self) -> [&Promise; 6] {
        [&self.here, &self.late, &self.succeeded, &self.wide, &self.in_district, &self.public]
    }
}

/// Those whose rights are others': an agent of the commune, one of the giver, and the authority of
/// a district.
pub async fn more_parties(
    app: &TestApp,
    giver: &party::Model,
    here: &place::Model,
    district: &place::Model,
) -> Vec<(&'static str, party::Model)> {
    let authority = app.authority_of(here).await.unwrap();
    let (of_commune, of_giver) = (app.party(Kind::Bank).await, app.party(Kind::Bank).await);
    app.mandate(&authority, &of_commune).acts(Act::iter()).await;
    app.mandate(giver, &of_giver).acts(Act::iter()).await;
    let of_district = app.party(Kind::DistrictAuthority).at(district).await;
    vec![("agent of commune", of_commune), ("agent of giver", of_giver), ("district", of_district)]
}
