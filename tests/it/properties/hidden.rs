//! What somebody may not see on any of the days, made in one world only: rows that are there all
//! of a sudden, and acts of others on them.

use super::{
    acts::Kind as Does, dice::Dice, draw::Draw, oracle::Everything, rows::Rows, scatter,
    twins::Told, world::World,
};
use entity::{
    commitment,
    commitment::Status,
    id::PartyId,
    mandate::Act,
    need,
    party::{self, Kind},
};

pub struct Hidden<'a> {
    pub world: &'a World,
    pub days: &'a [Everything],
    pub me: Option<PartyId>,
    pub dice: &'a mut Dice,
}

impl Hidden<'_> {
    /// Something hidden, of one kind or another.
    pub async fn add(&mut self, told: &mut Told) {
        match self.dice.below(10) {
            0..4 => told.hidden_rows += self.promise().await,
            4..8 => told.hidden_acts += usize::from(self.act().await),
            8 => told.hidden_rows += self.need().await,
            _ => told.hidden_rows += self.papers().await,
        }
    }

    fn is_hidden(&self, row: &commitment::Model) -> bool {
        !self.days.iter().any(|day| day.sight(self.me).commitment(row))
    }

    /// A commitment of others with deliveries and a note, under a reference that anybody may use.
    async fn promise(&mut self) -> usize {
        let app = &self.world.app;
        let reference = format!("CK-{}", self.dice.below(6));
        let build = scatter::commitment(self.world, self.dice, &[]);
        let mut wanted = None;
        let build = build.with(|row| {
            row.external_reference = Some(reference);
            wanted = Some(row.clone());
        });
        if !wanted.is_some_and(|row| self.is_hidden(&row)) {
            return 0;
        }
        // The giver may have used that reference for something else.
        let Ok(row) = build.attempt().await else { return 0 };
        let rows = [row];
        for at in 0..self.dice.below(3) {
            let reference = format!("KQ-{}", self.dice.below(12));
            let entry = scatter::delivery(self.world, self.dice, &rows);
            entry.with(|row| row.external_reference = Some(reference)).attempt().await.ok();
            if at == 0 {
                let by = rows[0].giver_id;
                let parties = app.all(party::Entity).await;
                let by = parties.iter().find(|party| party.id == by).unwrap();
                let note = app.note(by).on_commitment(&rows[0]);
                note.with(|row| row.text = "Không ai khác đọc được".to_owned()).await;
            }
        }
        1
    }

    /// A need that was withdrawn, of a commune whose needs do not concern the one who looks.
    async fn need(&mut self) -> usize {
        let people = self.world.people.iter().filter_map(|person| person.party.as_ref());
        let authorities: Vec<&party::Model> =
            people.filter(|party| party.kind == Kind::CommuneAuthority).collect();
        let (by, activity) =
            (*self.dice.pick(&authorities), self.dice.pick(&self.world.activities));
        let mut wanted: Option<need::Model> = None;
        let build = self.world.app.need(by, activity).withdrawn();
        let build = build.with(|row| wanted = Some(row.clone()));
        let row = wanted.unwrap();
        if self.days.iter().any(|day| day.sight(self.me).need(&row)) {
            return 0;
        }
        build.await;
        1
    }

    /// A letter, a member, a token or a mandate of others.
    async fn papers(&mut self) -> usize {
        let app = &self.world.app;
        let people = self.world.people.iter().filter_map(|person| person.party.as_ref());
        let others: Vec<&party::Model> = people
            .filter(|party| {
                let mine = |day: &Everything| day.sight(self.me).has_to_do_with(party.id);
                Some(party.id) != self.me && !self.days.iter().any(mine)
            })
            .collect();
        let (one, other) = (*self.dice.pick(&others), *self.dice.pick(&others));
        match self.dice.below(4) {
            0 => {
                let letter = app.document(one).with(|row| {
                    row.kind = entity::document::Kind::Letter;
                    row.force = entity::document::Force::Agrees;
                });
                letter.await;
            }
            1 => _ = app.member(one).await,
            2 => _ = app.token(one).1.await,
            _ if one.id != other.id => {
                // To report gives a sight and no act: others do in both worlds what they may.
                app.mandate(one, other).acts([Act::Report]).await;
            }
            _ => return 0,
        }
        1
    }

    /// Somebody else does something with what is hidden, which stays where it is.
    async fn act(&mut self) -> bool {
        let mut rows = Rows::read(&self.world.app).await;
        let hidden: Vec<_> = rows.commitments.iter().filter(|row| self.is_hidden(row)).collect();
        let hidden: Vec<commitment::Model> = hidden.into_iter().cloned().collect();
        rows.commitments = hidden;
        let is_there = |id| rows.commitments.iter().any(|row| row.id == id);
        rows.deliveries.retain(|row| is_there(row.commitment_id));
        rows.amendments.retain(|row| is_there(row.commitment_id));
        if !rows.commitments.iter().any(|row| row.status == Status::Active) {
            return false;
        }
        for _ in 0..5 {
            let today = self.world.today();
            let act = Draw { world: self.world, rows: &rows, today, dice: self.dice }.act();
            let Some(act) = act else { continue };
            let moves = [
                Does::Propose,
                Does::RecordSilent,
                Does::SilentReceipt,
                Does::Transfer,
                Does::AmendMove,
                Does::AcceptAmendment,
            ];
            let by = &self.world.people[act.by];
            let is_me = by.party.as_ref().map(|party| party.id) == self.me;
            if moves.contains(&act.kind) || is_me {
                continue;
            }
            let reply = by.actor.act(&act.kind.document(), act.input.clone()).await;
            return reply.errors().is_empty() && reply.refusals().is_empty();
        }
        false
    }
}
