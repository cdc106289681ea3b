//! Filters and orders made up at random, as they are sent, and what they mean in words.

use std::{cmp::Ordering, collections::BTreeMap};

use entity::{
    commitment::{self, Disclosure, Status},
    delivery::{self, Side, Stage, State},
    need, note,
};
use sea_orm::{ActiveEnum, Iterable};
use serde_json::{Map, Value, json};

use super::{
    dice::Dice,
    oracle::{Everything, Sight, participants},
};

type Test<T> = Box<dyn Fn(&Sight<'_>, &T) -> bool>;

/// A filter as it is sent, and which rows pass it.
pub struct Filter<T> {
    pub sent: Value,
    tests: BTreeMap<String, Test<T>>,
}

impl<T> Filter<T> {
    fn new() -> Self {
        Self { sent: Value::Object(Map::new()), tests: BTreeMap::new() }
    }

    fn add(&mut self, name: &str, sent: Value, test: impl Fn(&Sight<'_>, &T) -> bool + 'static) {
        self.sent[name] = sent;
        self.tests.insert(name.to_owned(), Box::new(test));
    }

    pub fn passes(&self, sight: &Sight<'_>, row: &T) -> bool {
        self.tests.values().all(|test| test(sight, row))
    }
}

/// `eq`, `in` or `not` of a closed set of words.
fn words<E: ActiveEnum<Value = String> + Iterable + PartialEq + Copy + 'static>(
    dice: &mut Dice,
) -> (Value, impl Fn(E) -> bool + 'static) {
    let all: Vec<E> = E::iter().collect();
    let (one, other) = (*dice.pick(&all), *dice.pick(&all));
    let word = |value: E| value.to_value();
    let how = dice.below(3);
    let sent = match how {
        0 => json!({ "eq": word(one) }),
        1 => json!({ "in": [word(one), word(other)] }),
        _ => json!({ "not": word(one) }),
    };
    let test = move |value: E| match how {
        0 => value == one,
        1 => value == one || value == other,
        _ => value != one,
    };
    (sent, test)
}

pub fn commitments(dice: &mut Dice, all: &Everything) -> Filter<commitment::Model> {
    let mut filter: Filter<commitment::Model> = Filter::new();
    for _ in 0..=dice.below(2) {
        let rows: Vec<_> = all.commitments.values().collect();
        let Some(some) = dice.pick_any(&rows) else { continue };
        match dice.below(3) {
            0 => by_parties_and_places(dice, all, some, &mut filter),
            1 => by_words(dice, &mut filter),
            _ => by_needs_and_days(dice, all, &mut filter),
        }
    }
    filter
}

fn by_parties_and_places(
    dice: &mut Dice,
    all: &Everything,
    some: &commitment::Model,
    filter: &mut Filter<commitment::Model>,
) {
    let (party, place) = (some.giver_id, some.place_id);
    match dice.below(4) {
        0 => {
            let sent = json!({ "id": { "eq": party.to_string() } });
            filter.add("giver", sent, move |_, row| row.giver_id == party);
        }
        1 => {
            let party = dice.pick(&all.parties).id;
            let sent = json!(party.to_string());
            filter.add("participant", sent, move |_, row| participants(row).contains(&party));
        }
        2 => {
            let sent = json!({ "in": [place.to_string()] });
            filter.add("place", sent, move |_, row| row.place_id == place);
        }
        _ => {
            let inside = all.all_in(place);
            let sent = json!(place.to_string());
            filter.add("inPlace", sent, move |_, row| inside.contains(&row.place_id));
        }
    }
}

fn by_words(dice: &mut Dice, filter: &mut Filter<commitment::Model>) {
    match dice.below(3) {
        0 => {
            let (sent, test) = words::<Status>(dice);
            filter.add("status", sent, move |_, row| test(row.status));
        }
        1 => {
            let (sent, test) = words::<Disclosure>(dice);
            filter.add("disclosure", sent, move |_, row| test(row.disclosure));
        }
        _ => {
            let all = ["FULFILLED", "AWAITING_VERIFICATION", "OVERDUE", "BEHIND", "NOT_STARTED"];
            let health = *dice.pick(&all);
            let sent = json!({ "eq": health });
            filter.add("health", sent, move |sight, row| sight.health(row) == Some(health));
        }
    }
}

fn by_needs_and_days(dice: &mut Dice, all: &Everything, filter: &mut Filter<commitment::Model>) {
    let needs: Vec<_> = all.needs.values().collect();
    match (dice.below(3), dice.pick_any(&needs)) {
        (0, Some(need)) => {
            let need = (*need).clone();
            filter.add("need", json!(need.id.to_string()), move |sight, row| {
                row.need_id == Some(need.id) && sight.need(&need)
            });
        }
        (1, _) => {
            let open = dice.chance(50);
            filter.add("isOpen", json!(open), move |_, row| row.quantity.is_none() == open);
        }
        _ => {
            let today = all.today;
            let sent = json!({ "lte": today.to_string() });
            filter.add("unmetOn", sent, move |_, row| row.unmet_on.is_some_and(|on| on <= today));
        }
    }
}

pub fn deliveries(dice: &mut Dice, all: &Everything) -> Filter<delivery::Model> {
    let mut filter: Filter<delivery::Model> = Filter::new();
    let rows: Vec<_> = all.deliveries.values().collect();
    for _ in 0..=dice.below(2) {
        let Some(some) = dice.pick_any(&rows) else { continue };
        match dice.below(8) {
            0 => {
                let (sent, test) = words::<State>(dice);
                filter.add("state", sent, move |_, row| test(row.state));
            }
            1 => {
                let (sent, test) = words::<Stage>(dice);
                filter.add("stage", sent, move |_, row| test(row.stage));
            }
            2 => {
                let (sent, test) = words::<Side>(dice);
                filter.add("side", sent, move |_, row| test(row.side));
            }
            3 => {
                let party = some.giver_id;
                let sent = json!({ "eq": party.to_string() });
                filter.add("giver", sent, move |_, row| row.giver_id == party);
            }
            4 => {
                let party = some.reported_by_id;
                let sent = json!({ "in": [party.to_string()] });
                filter.add("reportedBy", sent, move |_, row| row.reported_by_id == party);
            }
            5 => {
                let Some(commune) = some.commune_id else { continue };
                let inside = all.all_in(commune);
                filter.add("inPlace", json!(commune.to_string()), move |_, row| {
                    row.commune_id.is_some_and(|commune| inside.contains(&commune))
                });
            }
            6 => {
                let on = some.delivered_on;
                let sent = json!({ "gte": on.to_string() });
                filter.add("deliveredOn", sent, move |_, row| row.delivered_on >= on);
            }
            _ => {
                let of = commitments(dice, all);
                filter.add("commitment", of.sent.clone(), move |sight, row| {
                    let of_row = &sight.all.commitments[&row.commitment_id];
                    sight.commitment(of_row) && of.passes(sight, of_row)
                });
            }
        }
    }
    filter
}

pub fn needs(dice: &mut Dice, all: &Everything) -> Filter<need::Model> {
    let mut filter: Filter<need::Model> = Filter::new();
    let rows: Vec<_> = all.needs.values().collect();
    for _ in 0..=dice.below(2) {
        let Some(some) = dice.pick_any(&rows) else { continue };
        match dice.below(4) {
            0 => {
                let (sent, test) = words::<need::Status>(dice);
                filter.add("status", sent, move |_, row| test(row.status));
            }
            1 => {
                let met = dice.chance(50);
                filter.add("met", json!(met), move |sight, row| sight.is_met(row) == met);
            }
            2 => {
                let commune = some.commune_id;
                let sent = json!({ "eq": commune.to_string() });
                filter.add("commune", sent, move |_, row| row.commune_id == commune);
            }
            _ => {
                let by = some.raised_by_id;
                let sent = json!({ "not": by.to_string() });
                filter.add("raisedBy", sent, move |_, row| row.raised_by_id != by);
            }
        }
    }
    filter
}

pub fn notes(dice: &mut Dice, all: &Everything) -> Filter<note::Model> {
    let mut filter: Filter<note::Model> = Filter::new();
    let Some(some) = dice.pick_any(&all.notes) else { return filter };
    if let Some(id) = some.commitment_id.filter(|_| dice.chance(50)) {
        let is = dice.chance(70);
        let sent =
            if is { json!({ "eq": id.to_string() }) } else { json!({ "not": id.to_string() }) };
        filter.add("commitment", sent, move |sight, row| {
            row.commitment_id.is_some_and(|of| sight.commitment_by(of) && (of == id) == is)
        });
    } else if let Some(id) = some.need_id.filter(|_| dice.chance(70)) {
        filter.add("need", json!({ "eq": id.to_string() }), move |sight, row| {
            row.need_id == Some(id) && sight.need(&sight.all.needs[&id])
        });
    } else if let Some(id) = some.delivery_id {
        filter.add("delivery", json!({ "in": [id.to_string()] }), move |sight, row| {
            row.delivery_id == Some(id) && sight.delivery(&sight.all.deliveries[&id])
        });
    } else {
        let by = some.written_by_id;
        let sent = json!({ "eq": by.to_string() });
        filter.add("writtenBy", sent, move |_, row| row.written_by_id == by);
    }
    filter
}

type Compare<T> = fn(&T, &T) -> Ordering;

/// What is there comes before what is not.
fn last<T: Ord>(one: Option<T>, other: Option<T>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

pub const COMMITMENT_ORDERS: [(&str, Compare<commitment::Model>); 4] = [
    ("NEWEST", |a, b| b.id.cmp(&a.id)),
    ("OLDEST", |a, b| a.id.cmp(&b.id)),
    ("LAST_DUE_ON", |a, b| last(a.last_due_on, b.last_due_on).then(a.id.cmp(&b.id))),
    ("UNMET_ON", |a, b| last(a.unmet_on, b.unmet_on).then(a.id.cmp(&b.id))),
];

pub const DELIVERY_ORDERS: [(&str, Compare<delivery::Model>); 4] = [
    ("NEWEST", |a, b| b.delivered_on.cmp(&a.delivered_on).then(b.id.cmp(&a.id))),
    ("OLDEST", |a, b| a.delivered_on.cmp(&b.delivered_on).then(a.id.cmp(&b.id))),
    ("ENTERED", |a, b| a.id.cmp(&b.id)),
    ("WAITING", |a, b| last(a.waiting_since, b.waiting_since).then(a.id.cmp(&b.id))),
];

pub const NEED_ORDERS: [(&str, Compare<need::Model>); 3] = [
    ("DUE", |a, b| a.due_on.cmp(&b.due_on).then(a.id.cmp(&b.id))),
    ("NEWEST", |a, b| b.id.cmp(&a.id)),
    ("OLDEST", |a, b| a.id.cmp(&b.id)),
];

pub const NOTE_ORDERS: [(&str, Compare<note::Model>); 2] =
    [("NEWEST", |a, b| b.id.cmp(&a.id)), ("OLDEST", |a, b| a.id.cmp(&b.id))];
