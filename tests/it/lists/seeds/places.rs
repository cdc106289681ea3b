//! Units of each level, of times long before those of the pilot, so that all codes are free.

use entity::{
    party::Kind,
    party_mark::Mark,
    place::{self, Level},
};
use tests::TestApp;

use super::{ROWS, parties, some_documents};

/// A day in the layer of units that the tests look at, long before those of the pilot.
const DAY: &str = "2002-06-01";

pub async fn provinces(app: &TestApp) -> String {
    let provinces = places(app, Level::Province).await;
    for mark in [Mark::Coordinator, Mark::Leadership] {
        let holders = parties(app, Kind::Department).await;
        let marks = holders.iter().zip(&provinces);
        app.insert(marks.map(|(holder, province)| app.mark(holder, mark, province))).await;
    }
    listed(Level::Province)
}

pub async fn districts(app: &TestApp) -> String {
    let districts = places(app, Level::District).await;
    let communes = districts.iter().enumerate().map(|(number, district)| {
        let commune = app.place(Level::Commune, &format!("{number:05}"), "Xã Con");
        commune.inside(district).valid("2002-01-01", Some("2003-01-01"))
    });
    app.insert(communes).await;
    listed(Level::District)
}

pub async fn communes(app: &TestApp) -> String {
    let communes = places(app, Level::Commune).await;
    let departments = parties(app, Kind::Department).await;
    let documents = some_documents(app).await;
    app.insert(communes.iter().zip(&documents).map(|(commune, document)| {
        app.enrolment(commune).with(|row| row.document_id = document.id)
    }))
    .await;
    let assigned = communes.iter().zip(&departments).zip(&documents);
    app.insert(assigned.map(|((commune, department), document)| {
        app.assignment(department, commune).with(|row| row.document_id = document.id)
    }))
    .await;
    listed(Level::Commune)
}

/// Units of one level in 2002, each with an older one, a newer one, another spelling and an
/// authority.
async fn places(app: &TestApp, level: Level) -> Vec<place::Model> {
    let kind = match level {
        Level::Province => Kind::ProvincialAuthority,
        Level::District => Kind::DistrictAuthority,
        Level::Commune => Kind::CommuneAuthority,
    };
    let units = units(app, level).await;
    let old = layer(app, level, 2001).await;
    let new = layer(app, level, 2003).await;
    let edges = old.iter().zip(&units).chain(units.iter().zip(&new));
    app.insert(edges.map(|(before, after)| app.place_succession(before, after))).await;
    app.insert(units.iter().map(|unit| app.alias(unit, "Tên khác"))).await;
    app.insert(units.iter().map(|unit| app.party(kind).at(unit))).await;
    units
}

/// Units of one level in 2002.
pub async fn units(app: &TestApp, level: Level) -> Vec<place::Model> {
    layer(app, level, 2002).await
}

/// Units of one level in one year, each inside a unit of its own of a century before. There are as
/// many as provinces have codes.
async fn layer(app: &TestApp, level: Level, year: u16) -> Vec<place::Model> {
    let (width, above) = match level {
        Level::Province => (2, None),
        Level::District => (3, Some(Level::Province)),
        Level::Commune => (5, Some(Level::District)),
    };
    let parents = match above {
        Some(above) => Box::pin(layer(app, above, year - 100)).await,
        None => Vec::new(),
    };
    let (from, to) = (format!("{year}-01-01"), format!("{}-01-01", year + 1));
    app.insert((0..ROWS).map(|number| {
        let (code, name) = (format!("{number:0width$}"), format!("Đơn vị {number}"));
        let unit = app.place(level, &code, &name).valid(&from, Some(&to));
        match parents.get(number) {
            Some(parent) => unit.inside(parent),
            None => unit,
        }
    }))
    .await
}

fn listed(level: Level) -> String {
    let level = format!("{level:?}").to_uppercase();
    format!("asOf: \"{DAY}\", filter: {{ level: {{ eq: {level} }} }}")
}
