//! The board, summed anew over the rows that the oracle lets a viewer see, and over nothing else.

use std::collections::BTreeMap;

use api::graphql::scalar::Decimal;
use entity::need;
use serde_json::{Value, json};
use tests::ledger;

use super::answers::{Asked, Viewer};

const BOARD: &str = "query ($places: [ID!]) {
    board(filter: { placeIds: $places, includePredecessors: false }) {
        place { id } activity { id precision } need promised reported confirmed unverified disputed
        difference } }";

/// What a row of the board says, the need first; raw until it is known with how many digits.
type Figures = [Option<i64>; 7];

pub async fn board(viewer: &Viewer<'_>, asked: &mut Asked) {
    let expected = expected(viewer);
    let places: Vec<String> =
        viewer.sight.all.places.iter().map(|place| place.id.to_string()).collect();
    let reply = viewer.ask(BOARD, json!({ "places": places })).await;

    let rows = reply.at("/board").as_array().unwrap();
    for row in rows {
        let key = [&row["place"]["id"], &row["activity"]["id"]].map(|id| id.as_str().unwrap());
        let precision = row["activity"]["precision"].as_i64().unwrap().try_into().unwrap();
        let figures = expected.get(&key.map(str::to_owned));
        let Some(figures) = figures else { panic!("{}: a row of nothing: {row}", viewer.who) };
        let wanted = figures.map(|raw| raw.map(|raw| Decimal::of(raw, precision).0.to_string()));
        let names = "need promised reported confirmed unverified disputed difference";
        let told: Vec<Option<&str>> =
            names.split(' ').map(|name| Value::as_str(&row[name])).collect();
        assert_eq!(told, wanted.each_ref().map(Option::as_deref), "{}: {row}", viewer.who);
        asked.all += told.len();
    }
    assert_eq!(rows.len(), expected.len(), "{}: rows of the board", viewer.who);
}

fn expected(viewer: &Viewer<'_>) -> BTreeMap<[String; 2], Figures> {
    let (sight, all) = (&viewer.sight, viewer.sight.all);
    let commitments: Vec<_> =
        all.commitments.values().filter(|row| sight.commitment(row)).cloned().collect();
    let deliveries: Vec<_> =
        all.deliveries.values().filter(|row| sight.delivery(row)).cloned().collect();
    let mut rows: BTreeMap<[String; 2], Figures> = BTreeMap::new();
    for ((group, spot), sums) in ledger::cells(&commitments, &deliveries) {
        let row = rows.entry([spot.0.to_string(), group.0.to_string()]).or_insert(NOTHING);
        let figures = [
            sums.promised,
            sums.reported,
            sums.confirmed,
            sums.unverified,
            sums.disputed,
            sums.difference,
        ];
        for (sum, figure) in row[1..].iter_mut().zip(figures) {
            *sum = sum.map(|sum| sum + figure);
        }
    }
    let open = |row: &&need::Model| row.status == need::Status::Open && sight.need(row);
    for row in all.needs.values().filter(open) {
        let key = [row.commune_id.to_string(), row.activity_id.to_string()];
        let figures = rows.entry(key).or_insert(NOTHING);
        figures[0] = Some(figures[0].unwrap_or_default() + row.quantity);
    }
    rows.retain(|_, figures| *figures != NOTHING);
    rows
}

const NOTHING: Figures = [None, Some(0), Some(0), Some(0), Some(0), Some(0), Some(0)];
