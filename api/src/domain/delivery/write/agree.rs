//! How a dispute ends: one side takes the other's figure, or somebody above both decides.

use entity::{
    delivery::{self, Side, Stage, State},
    id::{DeliveryId, PartyId},
    mandate::Act as Lent,
    reach::Role,
    verification::{Act, Capacity},
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use super::{
    super::{
        graphql::{AgreeDeliveryInput, SettleDeliveryInput},
        read,
        rules::{self, Stand},
    },
    Word,
    entries::{Entries, Judge},
    event, put_all, said, say_all,
};
use crate::{
    app::App,
    authz::{Action, Viewer},
    domain::{
        commitment::rules as promises,
        ledger::Ledger,
        line::{self, Matter},
    },
    error::Result,
    refusal::UserErrorCode,
    text,
    tx::{Done, Key, Tx, check_version},
};

pub async fn agree_delivery(
    app: &App,
    viewer: &Viewer,
    input: AgreeDeliveryInput,
    key: Key,
) -> Result<Done<DeliveryId>> {
    let tx = app.write_once(viewer, key).await?;
    let ids: Vec<DeliveryId> = input.id.parse().into_iter().collect();
    let entries = Entries::lock(&tx, viewer, &ids).await?;
    let before = entries.named(&input.id)?.clone();
    let stands = stands(&entries, &before)?;
    viewer.require(Action::Settle { stands: !stands.is_empty() })?;
    let [(stand, judge)] = stands[..] else {
        // Who stands on both sides cannot agree with itself.
        return Err(UserErrorCode::OwnMatter.refuse().into());
    };
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[State::Disputed])?;
    let figure = rules::agreed(&before, stand);
    let word = Word {
        act: Act::Agreed,
        figure: Some(figure),
        reason: None,
        capacity: judge.capacity,
        party: judge.party,
    };
    settled(tx, viewer, entries, before, word, "DELIVERY_AGREED").await
}

pub async fn settle_delivery(
    app: &App,
    viewer: &Viewer,
    input: SettleDeliveryInput,
    key: Key,
) -> Result<Done<DeliveryId>> {
    let tx = app.write_once(viewer, key).await?;
    let ids: Vec<DeliveryId> = input.id.parse().into_iter().collect();
    let entries = Entries::lock(&tx, viewer, &ids).await?;
    let before = entries.named(&input.id)?.clone();
    let judge = decider(&tx, viewer, &entries, &before).await?;
    if let Some(done) = tx.replay().await? {
        return Ok(done);
    }
    check_version(before.id, before.version, input.expected_version)?;
    rules::stands_in(&before, &[State::Disputed])?;
    let figure = input.figure.to_raw(before.precision).map_err(|refusal| refusal.at("figure"))?;
    if figure != before.quantity {
        rules::disputes(&before, figure)?;
    }
    let reason = text::label("reason", &input.reason, rules::MAX_TEXT)?;
    let word = Word {
        act: Act::Settled,
        figure: Some(figure),
        reason: Some(reason),
        capacity: judge.capacity,
        party: judge.party,
    };
    settled(tx, viewer, entries, before, word, "DELIVERY_SETTLED").await
}

async fn settled(
    mut tx: Tx,
    viewer: &Viewer,
    mut entries: Entries,
    before: delivery::Model,
    word: Word,
    r#type: &'static str,
) -> Result<Done<DeliveryId>> {
    let after = delivery::Model {
        state: State::Settled,
        agreed: word.figure,
        waiting_since: None,
        version: before.version + 1,
        ..before.clone()
    };
    let data = json!({ "by": word.party.to_string(), "capacity": word.capacity,
        "before": { "state": before.state },
        "after": { "state": after.state, "agreed": after.agreed } });
    let word = said(&tx, viewer, &after, word)?;
    let commitment = entries.commitment_mut(after.commitment_id)?;
    let mut ledger = Ledger::default();
    ledger.entry(commitment, Some(&before), &after)?;
    tx.log(event(r#type, &after, commitment, data));
    put_all(&tx, [&after]).await?;
    say_all(&tx, vec![word]).await?;
    ledger.save(&tx).await?;
    tx.done(after.id).await
}

/// On which sides of an entry the viewer stands.
fn stands(entries: &Entries, entry: &delivery::Model) -> Result<Vec<(Stand, Judge)>> {
    let commitment = entries.commitment(entry.commitment_id)?;
    let gives = |parties: &[PartyId], act, capacity| {
        let party = entries.standing.gives(parties, commitment.place_id, act)?;
        Some(Judge { party, capacity })
    };
    let receiver = || {
        let party = entries.standing.authority(entry.commune_id?, Lent::Verify)?;
        Some(Judge { party, capacity: Capacity::Authority })
    };
    let mut givers = promises::participants(commitment);
    let (reporting, verifying) = match (entry.side, entry.stage) {
        (Side::Giver, Stage::ToCarrier) => {
            let carrier: Vec<PartyId> = commitment.carrier_id.into_iter().collect();
            givers.retain(|party| !carrier.contains(party));
            let giver = gives(&givers, Lent::Record, Capacity::Giver);
            (giver, gives(&carrier, Lent::Verify, Capacity::Carrier))
        }
        (Side::Giver, _) => (gives(&givers, Lent::Record, Capacity::Giver), receiver()),
        (Side::Receiver, _) => (receiver(), gives(&givers, Lent::Record, Capacity::Giver)),
    };
    let stands = [(Stand::Reporting, reporting), (Stand::Verifying, verifying)];
    Ok(stands.into_iter().filter_map(|(stand, judge)| Some((stand, judge?))).collect())
}

/// Who decides a third figure: the coordinator, and in its own matters, or after its fifteen
/// working days, the leadership.
async fn decider(
    tx: &Tx,
    viewer: &Viewer,
    entries: &Entries,
    entry: &delivery::Model,
) -> Result<Judge> {
    let commitment = entries.commitment(entry.commitment_id)?;
    let place = entry.commune_id.unwrap_or(commitment.place_id);
    let ranks =
        [(Capacity::Coordinator, Role::Coordinator), (Capacity::Leadership, Role::Leadership)];
    let judge = ranks.into_iter().find_map(|(capacity, role)| {
        let party = entries.standing.holds(place, role, Lent::Verify)?;
        Some(Judge { party, capacity })
    });
    viewer.require(Action::Settle { stands: judge.is_some() })?;
    let Some(judge) = judge else { return Err(UserErrorCode::Forbidden.refuse().into()) };
    let mut involved = promises::participants(commitment);
    involved.extend([entry.reported_by_id, entry.entered_by_id]);
    if entries.standing.barred(&involved) {
        return Err(UserErrorCode::OwnMatter.refuse().into());
    }
    if judge.capacity == Capacity::Leadership {
        let turn = read::visible_to(viewer)
            .filter(delivery::Column::Id.eq(entry.id))
            .filter(line::is_turn_of(line::level(judge.capacity), Matter::Decision, viewer.today));
        if turn.one(&**tx).await?.is_none() {
            return Err(UserErrorCode::Forbidden.refuse().because(line::NOT_YET).into());
        }
    }
    Ok(judge)
}
