//! `viewerCan`: what the viewer may do with an object now, as its right, its role and the object's
//! state have it.

use async_graphql::{Context, SimpleObject};
use entity::{
    commitment::{self, Status},
    delivery::{self, State},
    need, note,
};

use crate::{
    authz::Action,
    domain::{
        commitment::rules,
        need::read::IsRaisers,
        queue::can::{RightsOnCommitment, RightsOnDelivery},
    },
    error::Result,
    graphql::context::ContextExt,
};

/// What you may do with a commitment now (quyền thao tác), by your right, your role and its state.
#[derive(SimpleObject)]
pub struct CommitmentCan {
    /// Accept or decline it (chấp thuận hoặc từ chối).
    accept: bool,
    /// Accept or decline the amendment that waits (quyết định điều chỉnh).
    decide_amendment: bool,
    /// Amend it (điều chỉnh).
    amend: bool,
    /// Withdraw it (rút cam kết).
    withdraw: bool,
    /// Record deliveries on it (ghi nhận kết quả).
    record: bool,
    /// Close it (kết thúc).
    close: bool,
    /// Reopen it (mở lại).
    reopen: bool,
    /// Transfer it to another party (chuyển giao).
    transfer: bool,
}

impl CommitmentCan {
    pub async fn on(ctx: &Context<'_>, row: &commitment::Model) -> Result<Self> {
        let rights = ctx.reader().load_one(RightsOnCommitment(row.id)).await?.unwrap_or_default();
        let may = |action| ctx.viewer().require(action).is_ok();
        let is = |states: &[Status]| states.contains(&row.status);
        let accepts = rights.accepts && may(Action::Accept { stands: true });
        let promises =
            may(Action::Promise { giver: row.giver_id }) && is(&[Status::Proposed, Status::Active]);
        let oversees =
            may(Action::Oversee { is_coordinators: rights.is_coordinators }) && !rights.is_own;
        let closes = rights.closes && may(Action::Close { may: true });
        let is_done = rules::is_done(row).is_ok();
        Ok(Self {
            accept: accepts && is(&[Status::Proposed]),
            decide_amendment: accepts && is(&[Status::Active]),
            amend: promises,
            withdraw: promises,
            record: may(Action::Record { gives: rights.records }) && is(&[Status::Active]),
            close: is(&[Status::Active]) && (closes && is_done || oversees),
            reopen: oversees && is(&[Status::Closed]),
            transfer: oversees
                && rights.giver_has_ended
                && is(&[Status::Proposed, Status::Active, Status::Closed]),
        })
    }
}

/// What you may do with a delivery now (quyền thao tác), by your right, your role and its state.
#[derive(SimpleObject)]
pub struct DeliveryCan {
    /// Confirm it, or dispute it with your own figure (xác nhận hoặc nêu số khác).
    verify: bool,
    /// Take the other side's figure (thống nhất số liệu).
    agree: bool,
    /// Decide the figure above both sides (quyết định số liệu).
    settle: bool,
    /// Take it back, or ask to (thu hồi).
    reverse: bool,
    /// Consent to its being taken back, or refuse (quyết định thu hồi).
    decide_reversal: bool,
}

impl DeliveryCan {
    pub async fn on(ctx: &Context<'_>, row: &delivery::Model) -> Result<Self> {
        let rights = ctx.reader().load_one(RightsOnDelivery(row.id)).await?.unwrap_or_default();
        let may = |action| ctx.viewer().require(action).is_ok();
        let verifies = rights.verifies && may(Action::Verify { stands: true })
            || rights.verifies_by_mark && may(Action::VerifyByMark);
        let ends = may(Action::Settle { stands: true });
        let is_asked_for = row.reversal_requested_by_id.is_some();
        let is = |states: &[State]| states.contains(&row.state) && !is_asked_for;
        let takes_back = match row.side {
            delivery::Side::Giver => may(Action::Record { gives: rights.reported }),
            delivery::Side::Receiver => may(Action::Verify { stands: rights.reported }),
        };
        let stands = [State::Reported, State::Disputed, State::Confirmed, State::Settled];
        Ok(Self {
            verify: verifies && is(&[State::Reported]),
            agree: ends && rights.agrees && is(&[State::Disputed]),
            settle: ends && rights.settles && is(&[State::Disputed]),
            reverse: takes_back && is(&stands) && row.drawn == 0,
            decide_reversal: verifies && is_asked_for,
        })
    }
}

/// What you may do with a need now (quyền thao tác), by your right, your role and its state.
#[derive(SimpleObject)]
pub struct NeedCan {
    /// Withdraw it (rút nhu cầu).
    withdraw: bool,
}

impl NeedCan {
    pub async fn on(ctx: &Context<'_>, row: &need::Model) -> Result<Self> {
        let by = ctx.reader().load_one(IsRaisers(row.id)).await?.is_some();
        let may = ctx.viewer().require(Action::WithdrawNeed { by }).is_ok();
        Ok(Self { withdraw: may && row.status == need::Status::Open })
    }
}

/// What you may do with a note now (quyền thao tác), by your right, your role and its state.
#[derive(SimpleObject)]
pub struct NoteCan {
    /// Answer it and put it away (trả lời).
    done: bool,
}

impl NoteCan {
    pub fn on(ctx: &Context<'_>, row: &note::Model) -> Self {
        let action =
            Action::DoneNote { written_by: row.written_by_id, addressee: row.addressee_id };
        let may = ctx.viewer().require(action).is_ok();
        Self { done: may && row.status == note::Status::Open }
    }
}
