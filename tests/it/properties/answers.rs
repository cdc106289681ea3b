//! Every answer of the server is what the oracle of DESIGN §5 says: lists, counts, filters, orders,
//! pages of places and parties, objects by their ids with what is nested in them, the feed, and
//! whether a mutation finds its object.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Actor, Reply, day};

use super::{
    boards,
    dice::Dice,
    draw::Draw,
    filters::{self, COMMITMENT_ORDERS, DELIVERY_ORDERS, Filter, NEED_ORDERS, NOTE_ORDERS},
    nested,
    oracle::{Everything, Sight},
    rows::Rows,
    scatter,
    world::{FIRST_DAY, World},
};

/// How many provinces are made up, and how many acts there are in each before anything is asked.
const WORLDS: u64 = 3;
const ACTS: usize = 40;
/// How many filters each viewer tries on each list.
const FILTERS: usize = 2;
/// How many in a hundred do not look.
const SKIPPED: usize = 45;
/// Days on which all is asked.
const DAYS: [&str; 3] = ["2025-06-28", "2025-07-20", "2025-12-20"];

#[tokio::test]
async fn every_answer_is_what_the_oracle_says() {
    let mut asked = Asked::default();
    for seed in 0..WORLDS {
        let today = DAYS[usize::try_from(seed).unwrap() % DAYS.len()];
        province(seed, today, &mut asked).await;
    }
    println!("{} comparisons, {} rows hidden, {} shown", asked.all, asked.hidden, asked.shown);
    assert!(asked.hidden > 1_000 && asked.shown > 1_000, "too one-sided to tell anything");
}

/// What was compared.
#[derive(Default)]
pub struct Asked {
    pub all: usize,
    pub hidden: usize,
    pub shown: usize,
}

async fn province(seed: u64, today: &str, asked: &mut Asked) {
    let world = World::start().await;
    let mut dice = Dice::new(1_000 + seed);
    scatter::rights(&world, &mut dice).await;
    live(&world, &mut dice, today).await;
    scatter::ledger(&world, &mut dice).await;
    world.app.clock.set_date(today);
    let all = Everything::read(&world.app, &world.places, day(today)).await;

    let public = (world.app.public(), None, "public");
    let people = world.people.iter().map(|person| {
        let party = person.party.as_ref().map(|party| party.id);
        (person.actor.clone(), party, person.name.as_str())
    });
    for (actor, party, name) in people.chain([public]) {
        if dice.chance(SKIPPED) {
            continue;
        }
        let viewer = Viewer {
            actor,
            sight: all.sight(party),
            who: format!("province {seed}, {today}, {name}"),
        };
        viewer.lists(&mut dice, asked).await;
        viewer.pages(&world, &mut dice, asked).await;
        boards::board(&viewer, asked).await;
        nested::objects(&viewer, asked).await;
        if name != "public" {
            nested::mutations(&viewer, &mut dice, asked).await;
        }
        if party.is_some() {
            viewer.feed(asked).await;
        }
    }
}

/// Some acts, so that there are events; until a day.
async fn live(world: &World, dice: &mut Dice, today: &str) {
    let length = (day(today) - day(FIRST_DAY)).num_hours();
    for _ in 0..ACTS {
        let rows = Rows::read(&world.app).await;
        let now = world.today();
        let act = Draw { world, rows: &rows, today: now, dice }.act();
        let Some(act) = act else { continue };
        let reply = world.people[act.by].actor.act(&act.kind.document(), act.input.clone()).await;
        assert!(reply.errors().is_empty(), "{act:?}: {}", reply.text);
        world.app.clock.advance(TimeDelta::hours(length / i64::try_from(ACTS).unwrap()));
    }
}

/// Somebody who looks, and what they may see.
pub struct Viewer<'a> {
    pub actor: Actor,
    pub sight: Sight<'a>,
    pub who: String,
}

impl Viewer<'_> {
    pub async fn ask(&self, query: &str, variables: Value) -> Reply {
        let reply = self.actor.gql(query, variables.clone()).await;
        let is_fine = reply.status == 200 && reply.errors().is_empty();
        assert!(is_fine, "{}: {query} {variables} {}", self.who, reply.text);
        reply
    }

    #[track_caller]
    pub fn same(&self, what: &str, found: &[String], wanted: &[String]) {
        assert!(found == wanted, "{}: {what}\nfound  {found:#?}\nwanted {wanted:#?}", self.who);
    }

    async fn lists(&self, dice: &mut Dice, asked: &mut Asked) {
        let all = self.sight.all;
        for round in 0..=FILTERS {
            let plain = round == 0;
            let filter = filters::commitments(dice, all);
            let rows = all.commitments.values();
            let rows: Vec<_> = rows.filter(|row| self.sight.commitment(row)).collect();
            asked.shown += rows.len();
            asked.hidden += all.commitments.len() - rows.len();
            let order = *dice.pick(&COMMITMENT_ORDERS);
            let list = ("commitments", "Commitment");
            self.list(list, rows, order, (!plain).then_some(filter), asked, |row| {
                row.id.to_string()
            })
            .await;

            let filter = filters::deliveries(dice, all);
            let rows = all.deliveries.values();
            let rows: Vec<_> = rows.filter(|row| self.sight.delivery(row)).collect();
            asked.shown += rows.len();
            asked.hidden += all.deliveries.len() - rows.len();
            let order = *dice.pick(&DELIVERY_ORDERS);
            let list = ("deliveries", "Delivery");
            self.list(list, rows, order, (!plain).then_some(filter), asked, |row| {
                row.id.to_string()
            })
            .await;

            let filter = filters::needs(dice, all);
            let rows: Vec<_> = all.needs.values().filter(|row| self.sight.need(row)).collect();
            let order = *dice.pick(&NEED_ORDERS);
            let list = ("needs", "Need");
            self.list(list, rows, order, (!plain).then_some(filter), asked, |row| {
                row.id.to_string()
            })
            .await;

            let filter = filters::notes(dice, all);
            let rows: Vec<_> = all.notes.iter().filter(|row| self.sight.note(row)).collect();
            asked.shown += rows.len();
            asked.hidden += all.notes.len() - rows.len();
            let order = *dice.pick(&NOTE_ORDERS);
            let list = ("notes", "Note");
            self.list(list, rows, order, (!plain).then_some(filter), asked, |row| {
                row.id.to_string()
            })
            .await;
        }
    }

    /// A list in an order, page by page, is the rows that there are for this viewer.
    async fn list<T>(
        &self,
        (field, noun): (&str, &str),
        mut rows: Vec<&T>,
        (order, compare): (&str, fn(&T, &T) -> std::cmp::Ordering),
        filter: Option<Filter<T>>,
        asked: &mut Asked,
        id: impl Fn(&T) -> String,
    ) {
        if let Some(filter) = &filter {
            rows.retain(|row| filter.passes(&self.sight, row));
        }
        rows.sort_by(|a, b| compare(a, b));
        let wanted: Vec<String> = rows.into_iter().map(id).collect();
        let query = format!(
            "query ($filter: {noun}Filter, $order: {noun}Order, $after: String) {{
                {field}(first: 40, filter: $filter, orderBy: $order, after: $after) {{
                    totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let sent = filter.map(|filter| filter.sent);
        let what = format!("{field} by {order} with {sent:?}");
        let (mut found, mut after, mut counts) = (Vec::new(), Value::Null, BTreeSet::new());
        loop {
            let variables = json!({ "filter": sent, "order": order, "after": after });
            let reply = self.ask(&query, variables).await;
            let page = reply.at(&format!("/{field}"));
            found.extend(ids(&page["nodes"]));
            counts.insert(page["totalCount"].to_string());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
        }
        asked.all += 1 + wanted.len();
        self.same(&what, &found, &wanted);
        assert_eq!(counts, [wanted.len().to_string()].into(), "{}: {what}", self.who);
    }
}

/// The ids of nodes, in their order.
pub fn ids(nodes: &Value) -> Vec<String> {
    let nodes = nodes.as_array().unwrap().iter();
    nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}
