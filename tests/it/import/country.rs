//! The whole country, once for each engine.

use std::{
    collections::{BTreeSet, HashMap},
    time::Instant,
};

use api::registry::{Report, Tally};
use entity::{
    id::PlaceId,
    place::{self, Level},
    place_alias, place_succession,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use tests::{day, is_postgres};

use super::{Fresh, shipped};

#[tokio::test]
async fn the_country_is_imported_once_and_the_second_time_changes_nothing() {
    let fresh = Fresh::start().await;
    let country = shipped("country");

    let begun = Instant::now();
    let first = fresh.import(&country).await;
    let once = begun.elapsed();
    let (ids, events) = (ids(&fresh).await, fresh.events().await);
    let begun = Instant::now();
    let second = fresh.import(&country).await;
    let twice = begun.elapsed();

    let engine = if is_postgres() { "PostgreSQL" } else { "SQLite" };
    println!("the country on {engine}: {once:.1?}, the second time {twice:.1?}");
    assert_eq!(communes(&fresh, "2025-06-30").await, 10_035);
    assert_eq!(communes(&fresh, "2025-07-01").await, 3_321);
    let between_communes =
        first.table("place successions").inserted - provinces_edges(&fresh).await;
    assert_eq!(between_communes, 10_565);
    assert!(first.is_changed() && !second.is_changed(), "{second}");
    assert_eq!(unchanged(&second), inserted(&first));
    assert_eq!(fresh.events().await, events);
    assert_eq!(self::ids(&fresh).await, ids);
}

#[tokio::test]
async fn the_pilot_and_the_country_do_not_overwrite_each_other_for_ever() {
    let fresh = Fresh::start().await;
    let (pilot, country) = (shipped("pilot"), shipped("country"));
    fresh.import(&pilot).await;
    let of_pilot = ids(&fresh).await;
    fresh.import(&country).await;
    let before = everything(&fresh).await;
    let events = fresh.events().await.len();

    let pilot_again = fresh.import(&pilot).await;
    let country_again = fresh.import(&country).await;

    assert!(!pilot_again.is_changed(), "{pilot_again}");
    assert!(!country_again.is_changed(), "{country_again}");
    assert_eq!(fresh.events().await.len(), events);
    assert!(everything(&fresh).await == before, "a row differs");
    let all = ids(&fresh).await;
    assert!(of_pilot.iter().all(|(key, id)| all.get(key) == Some(id)), "an id did not survive");
    let names = fresh.rows(place::Entity).await;
    assert!(
        names.iter().all(|row| api::text::tidy(&row.name) == row.name),
        "a name is not composed"
    );
}

/// What every place is known by, and its id.
async fn ids(fresh: &Fresh) -> HashMap<(String, String), PlaceId> {
    let rows = fresh.rows(place::Entity).await.into_iter();
    rows.map(|row| ((row.code, row.valid_from.to_string()), row.id)).collect()
}

async fn everything(fresh: &Fresh) -> (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) {
    macro_rules! rows {
        ($noun:ident) => {
            fresh.rows($noun::Entity).await.iter().map(|row| format!("{row:?}")).collect()
        };
    }
    (rows!(place), rows!(place_alias), rows!(place_succession))
}

async fn communes(fresh: &Fresh, on: &str) -> u64 {
    let ended = place::Column::ValidTo.is_null().or(place::Column::ValidTo.gt(day(on)));
    place::Entity::find()
        .filter(place::Column::Level.eq(Level::Commune))
        .filter(place::Column::ValidFrom.lte(day(on)))
        .filter(ended)
        .count(fresh.app.db.reader())
        .await
        .unwrap()
}

/// Successions of provinces, which follow from those of the communes.
async fn provinces_edges(fresh: &Fresh) -> usize {
    let provinces: BTreeSet<PlaceId> = fresh
        .rows(place::Entity)
        .await
        .into_iter()
        .filter(|row| row.level == Level::Province)
        .map(|row| row.id)
        .collect();
    let edges = fresh.rows(place_succession::Entity).await;
    edges.iter().filter(|edge| provinces.contains(&edge.predecessor_id)).count()
}

const TABLES: [&str; 3] = ["places", "place aliases", "place successions"];

fn inserted(report: &Report) -> [usize; 3] {
    TABLES.map(|table| report.table(table).inserted)
}

fn unchanged(report: &Report) -> [usize; 3] {
    TABLES.map(|table| {
        let Tally { inserted, updated, unchanged } = report.table(table);
        assert_eq!((inserted, updated), (0, 0), "{table}");
        unchanged
    })
}
