//! Non-interference: two databases that differ only in rows which are hidden from somebody answer
//! that one alike, to the byte but for ids and cursors, to what it reads, writes and is told, over
//! twelve half-months in which more and more is hidden in one of them.

use std::collections::BTreeSet;

use api::domain::reach;
use entity::{
    id::{CommitmentId, DeliveryId, PartyId},
    note,
};
use serde_json::{Value, json};
use tests::{Actor, day};
use uuid::Uuid;

use super::{
    acts::Act, dice::Dice, draw::Draw, hidden::Hidden, names::Names, oracle::Everything, reads,
    rows::Rows, scatter, world::World,
};

/// The days on which something is done: one in each of twelve half-months.
const DAYS: [&str; 12] = [
    "2025-06-17",
    "2025-07-02",
    "2025-07-16",
    "2025-08-05",
    "2025-08-20",
    "2025-09-03",
    "2025-09-17",
    "2025-10-06",
    "2025-10-21",
    "2025-11-05",
    "2025-11-20",
    "2025-12-04",
];

/// Who is to learn nothing.
const SOMEBODY: [&str; 7] =
    ["bank", "agent", "UBND-02014-2025", "helper", "heir", "stranger", "public"];

/// How much is done on each day.
const STEPS: usize = 6;

#[tokio::test]
async fn nobody_learns_anything_from_what_is_hidden() {
    let mut told = Told::default();
    for (seed, name) in (2_000..).zip(SOMEBODY) {
        Twins::start(seed, name).await.live(&mut told).await;
    }
    println!("{told:?}");
    assert!(told.reads > 150 && told.writes > 50 && told.done > 4, "too little: {told:?}");
    assert!(told.hidden_rows > 100 && told.hidden_acts > 30, "too little is hidden: {told:?}");
}

/// What was compared, and how much was hidden.
#[derive(Debug, Default)]
pub struct Told {
    pub reads: usize,
    pub writes: usize,
    pub done: usize,
    pub bytes: usize,
    pub hidden_rows: usize,
    pub hidden_acts: usize,
}

pub struct Twins {
    who: String,
    dice: Dice,
    /// The two worlds, and in which words each was told of.
    worlds: [World; 2],
    names: [Names; 2],
    /// Ids that are the same in both.
    common: BTreeSet<String>,
    /// Who reaches what on each of the days.
    days: Vec<Everything>,
    me: Option<PartyId>,
    seen: reads::Seen,
    sent: Vec<Act>,
    log: Vec<String>,
}

impl Twins {
    async fn start(seed: u64, name: &str) -> Self {
        let mut worlds = Vec::new();
        for _ in 0..2 {
            let world = World::start().await;
            scatter::ledger(&world, &mut Dice::new(seed)).await;
            worlds.push(world);
        }
        let [one, other] = <[World; 2]>::try_from(worlds).ok().unwrap();
        let person = one.people.iter().find(|person| person.name == name);
        let me = person.and_then(|person| person.party.as_ref()).map(|party| party.id);
        let mut days = Vec::new();
        for on in DAYS {
            days.push(Everything::read(&one.app, &one.places, day(on)).await);
        }
        let rows = Rows::read(&one.app).await;
        assert!(rows == Rows::read(&other.app).await, "the worlds begin alike");
        let mut notes = [one.app.all(note::Entity).await, other.app.all(note::Entity).await];
        notes.iter_mut().for_each(|notes| notes.sort_by_key(|row| row.id));
        assert!(notes[0] == notes[1], "their notes too");
        let commitments = rows.commitments.iter().map(|row| row.id.to_string());
        let deliveries = rows.deliveries.iter().map(|row| row.id.to_string());
        let common = commitments.chain(deliveries).collect();
        let seen = reads::Seen::of(&one);
        Self {
            who: name.to_owned(),
            dice: Dice::new(seed),
            worlds: [one, other],
            names: Default::default(),
            common,
            days,
            me,
            seen,
            sent: Vec::new(),
            log: Vec::new(),
        }
    }

    async fn live(mut self, told: &mut Told) {
        for on in DAYS {
            for world in &self.worlds {
                world.app.clock.set_date(on);
                // As a server does each day: rights begin and end by date.
                reach::refresh(&world.app.api).await.unwrap();
            }
            for _ in 0..STEPS {
                let other = &self.worlds[1];
                let mut hidden =
                    Hidden { world: other, days: &self.days, me: self.me, dice: &mut self.dice };
                let acts = told.hidden_acts;
                hidden.add(told).await;
                if told.hidden_acts > acts {
                    self.part().await;
                }
                match self.dice.below(100) {
                    0..55 => self.read(told).await,
                    55..85 => self.write(true, told).await,
                    _ => self.write(false, told).await,
                }
            }
            self.feed(told).await;
        }
    }

    /// What was done to a commitment in one world alone, others do not go on with in both: the same
    /// act could end differently.
    async fn part(&mut self) {
        let mut rows = Vec::new();
        for world in &self.worlds {
            rows.push(Rows::read(&world.app).await.commitments);
        }
        for row in &rows[1] {
            let id = row.id.to_string();
            if self.common.contains(&id) && !rows[0].contains(row) {
                self.common.remove(&id);
            }
        }
    }

    fn actor(&self, world: usize) -> Actor {
        let world = &self.worlds[world];
        match world.people.iter().find(|person| person.name == self.who) {
            Some(person) => person.actor.clone(),
            None => world.app.public(),
        }
    }

    /// Sends the same to both worlds, each in its own words; the answers are alike.
    async fn same(&mut self, query: &str, variables: &Value, told: &mut Told) -> Value {
        let mut answers = Vec::new();
        for at in 0..2 {
            let sent = self.names[at].real(&variables.to_string());
            let reply = self.actor(at).gql(query, serde_json::from_str(&sent).unwrap()).await;
            assert_ne!(reply.status, 500, "{query} {sent}: {}", reply.text);
            let text = self.names[at].plain(&reply.text);
            answers.push(format!("{} {text}", reply.status));
        }
        self.log.push(format!("{} {query} {variables}", self.worlds[0].today()));
        told.bytes += answers[0].len();
        assert!(
            answers[0] == answers[1],
            "{} learns something:\n{}\n{}\n{}",
            self.who,
            self.log.join("\n"),
            answers[0],
            answers[1]
        );
        assert!(!answers[0].contains("INTERNAL_SERVER_ERROR"), "{query} {variables}");
        let body = &answers[0][answers[0].find('{').unwrap()..];
        let body: Value = serde_json::from_str(body).unwrap();
        self.seen.learn(&body);
        body
    }

    async fn read(&mut self, told: &mut Told) {
        let (query, variables) = reads::draw(&mut self.dice, &self.seen);
        self.same(&query, &variables, told).await;
        told.reads += 1;
    }

    async fn feed(&mut self, told: &mut Told) {
        let query = "query ($after: String) { events(first: 1000, after: $after) {
            endCursor hasMore nodes { id type version subjectId recordedAt actor { name }
            subject { id } } } }";
        let after = self.seen.feed.clone();
        let body = self.same(query, &json!({ "after": after }), told).await;
        self.seen.feed = body["data"]["events"]["endCursor"].clone();
        told.reads += 1;
    }

    /// Somebody does something in both worlds, with what the one who looks has seen there: mostly
    /// that one itself.
    async fn write(&mut self, myself: bool, told: &mut Told) {
        let again = myself && self.dice.chance(10);
        let act = match self.dice.pick_any(&self.sent) {
            Some(act) if again => Some(act.clone()),
            _ => self.draw(myself).await,
        };
        let Some(act) = act else { return };
        let document = act.kind.document();
        if !myself {
            for (at, world) in self.worlds.iter().enumerate() {
                let input = self.names[at].real(&act.input.to_string());
                let input = serde_json::from_str(&input).unwrap();
                world.people[act.by].actor.act(&document, input).await;
            }
            self.log.push(format!("{} {} {:?}", self.worlds[0].today(), act.by, act));
            return;
        }
        let variables = json!({ "input": act.input });
        let body = self.same(&document, &variables, told).await;
        let payload = &body["data"][act.kind.mutation().0];
        told.writes += 1;
        let errors = payload["userErrors"].as_array();
        told.done += usize::from(errors.is_some_and(Vec::is_empty));
        self.sent.push(act);
    }

    /// An act on what both worlds have, in neutral words.
    async fn draw(&mut self, myself: bool) -> Option<Act> {
        let world = &self.worlds[0];
        let mut rows = Rows::read(&world.app).await;
        let known = |id: String| self.names[0].knows(&id) || self.common.contains(&id);
        rows.commitments.retain(|row| known(CommitmentId::to_string(&row.id)));
        rows.deliveries.retain(|row| {
            known(DeliveryId::to_string(&row.id)) && known(row.commitment_id.to_string())
        });
        rows.amendments
            .retain(|row| known(row.id.to_string()) && known(row.commitment_id.to_string()));
        let today = world.today();
        let mut draw = Draw { world, rows: &rows, today, dice: &mut self.dice };
        let mut act = draw.act()?;
        let me = world.people.iter().position(|person| person.name == self.who);
        match (myself, me) {
            (true, me) => act.by = me.unwrap_or(act.by),
            (false, Some(me)) if act.by == me => return None,
            // Of a reference that another one has used already one may not learn either, but who
            // used it may.
            (false, _) => forget_references(&mut act.input),
        }
        // Keys that nobody uses for what is hidden.
        if act.input["idempotencyKey"].is_string() {
            let key = 0x0007_77b1_0000_4000_8000_0000_0000_0000 + self.log.len() as u128;
            act.input["idempotencyKey"] = json!(Uuid::from_u128(key));
        }
        let plain = self.names[0].plain_known(&act.input.to_string());
        act.input = serde_json::from_str(&plain).unwrap();
        Some(act)
    }
}

fn forget_references(input: &mut Value) {
    match input {
        Value::Object(fields) => {
            fields.remove("externalReference");
            fields.values_mut().for_each(forget_references);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_references),
        _ => {}
    }
}
