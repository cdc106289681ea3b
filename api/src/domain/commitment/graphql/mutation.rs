//! Mutations of commitments: payloads and fields.

use async_graphql::{Context, Object};

use super::Commitment;
use crate::{
    domain::{batch::How, commitment::write},
    error::Result,
    graphql::{
        context::{ContextExt, key},
        payload::{batch_payload, payload},
    },
};

mod input;

pub use input::{
    AcceptAmendmentInput, AcceptCommitmentInput, AmendCommitmentInput, CloseCommitmentInput,
    CommitmentVersionInput, DeclineAmendmentInput, DeclineCommitmentInput, DueInput,
    ProposeCommitmentInput, ProposeCommitmentsInput, ReopenCommitmentInput,
    TransferCommitmentsInput, WithdrawCommitmentInput,
};

batch_payload! {
    /// What `proposeCommitments` answers.
    ProposeCommitmentsPayload { commitments: Commitment by CommitmentId }
}

payload! {
    /// What `acceptCommitment` answers.
    AcceptCommitmentPayload { commitment: Commitment } changed
}

payload! {
    /// What `declineCommitment` answers.
    DeclineCommitmentPayload { commitment: Commitment } changed
}

payload! {
    /// What `amendCommitment` answers.
    AmendCommitmentPayload { commitment: Commitment } made
}

payload! {
    /// What `acceptAmendment` answers.
    AcceptAmendmentPayload { commitment: Commitment } changed
}

payload! {
    /// What `declineAmendment` answers.
    DeclineAmendmentPayload { commitment: Commitment } changed
}

payload! {
    /// What `withdrawCommitment` answers.
    WithdrawCommitmentPayload { commitment: Commitment } changed
}

payload! {
    /// What `closeCommitment` answers.
    CloseCommitmentPayload { commitment: Commitment } changed
}

payload! {
    /// What `reopenCommitment` answers.
    ReopenCommitmentPayload { commitment: Commitment } changed
}

batch_payload! {
    /// What `transferCommitments` answers.
    TransferCommitmentsPayload { commitments: Commitment by CommitmentId }
}

#[derive(Default)]
pub struct CommitmentMutation;

#[Object]
impl CommitmentMutation {
    /// Promises something to places (đề xuất cam kết), up to 500 at once. For managers of the
    /// giver. Each waits for the authority of its place, unless a state body acts on a task that
    /// was assigned to it.
    async fn propose_commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promises (nội dung).")] input: ProposeCommitmentsInput,
    ) -> Option<Result<ProposeCommitmentsPayload>> {
        let key = key(ctx, input.idempotency_key);
        let how = How { list: "commitments", dry_run: input.dry_run, policy: input.error_policy };
        let rows = input.commitments;
        let done = write::propose_commitments(ctx.app(), ctx.viewer(), rows, how, key).await;
        ProposeCommitmentsPayload::of(done)
    }

    /// Accepts a proposal (chấp thuận cam kết). For managers of the authority of the place, and of
    /// the next in line once it has let 15 working days pass; for a province, and for a district
    /// that has ended, the coordinator.
    async fn accept_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment (cam kết).")] input: AcceptCommitmentInput,
    ) -> Option<Result<AcceptCommitmentPayload>> {
        let done = write::accept_commitment(ctx.app(), ctx.viewer(), input).await;
        AcceptCommitmentPayload::of(done)
    }

    /// Declines a proposal, with a reason (từ chối cam kết). For those who may accept it.
    async fn decline_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment (cam kết).")] input: DeclineCommitmentInput,
    ) -> Option<Result<DeclineCommitmentPayload>> {
        let done = write::decline_commitment(ctx.app(), ctx.viewer(), input).await;
        DeclineCommitmentPayload::of(done)
    }

    /// Changes a promise (điều chỉnh cam kết). For managers of the giver. Raising or bringing
    /// forward holds at once; lowering, postponing or moving waits until the receiver accepts, and
    /// takes the place of what waited before.
    async fn amend_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change (nội dung).")] input: AmendCommitmentInput,
    ) -> Option<Result<AmendCommitmentPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::amend_commitment(ctx.app(), ctx.viewer(), input, key).await;
        AmendCommitmentPayload::of(done)
    }

    /// Accepts an amendment (chấp thuận điều chỉnh). For those who may accept the commitment.
    async fn accept_amendment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The amendment (điều chỉnh).")] input: AcceptAmendmentInput,
    ) -> Option<Result<AcceptAmendmentPayload>> {
        let done = write::accept_amendment(ctx.app(), ctx.viewer(), input).await;
        AcceptAmendmentPayload::of(done)
    }

    /// Declines an amendment, with a reason (không chấp thuận điều chỉnh). For those who may accept
    /// the commitment; the promise stays as it was.
    async fn decline_amendment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The amendment (điều chỉnh).")] input: DeclineAmendmentInput,
    ) -> Option<Result<DeclineAmendmentPayload>> {
        let done = write::decline_amendment(ctx.app(), ctx.viewer(), input).await;
        DeclineAmendmentPayload::of(done)
    }

    /// Takes a promise back, with a reason (rút cam kết). For managers of the giver; what was
    /// delivered stays.
    async fn withdraw_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment (cam kết).")] input: WithdrawCommitmentInput,
    ) -> Option<Result<WithdrawCommitmentPayload>> {
        let done = write::withdraw_commitment(ctx.app(), ctx.viewer(), input).await;
        WithdrawCommitmentPayload::of(done)
    }

    /// Ends a commitment (kết thúc cam kết). For managers of either side when it is fulfilled and
    /// nothing is open; for the coordinator any time, with a reason; in its own matters for the
    /// leadership.
    async fn close_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment (cam kết).")] input: CloseCommitmentInput,
    ) -> Option<Result<CloseCommitmentPayload>> {
        let done = write::close_commitment(ctx.app(), ctx.viewer(), input).await;
        CloseCommitmentPayload::of(done)
    }

    /// Opens a closed commitment again, with a reason (mở lại cam kết). For managers of the
    /// coordinator, in its own matters of the leadership.
    async fn reopen_commitment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The commitment (cam kết).")] input: ReopenCommitmentInput,
    ) -> Option<Result<ReopenCommitmentPayload>> {
        let done = write::reopen_commitment(ctx.app(), ctx.viewer(), input).await;
        ReopenCommitmentPayload::of(done)
    }

    /// Hands on what a party owes that has ended (chuyển giao cam kết), up to 500 at once, with a
    /// reason. For managers of the coordinator, in its own matters of the leadership. Without it
    /// every successor carries them.
    async fn transfer_commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What goes to whom (nội dung).")] input: TransferCommitmentsInput,
    ) -> Option<Result<TransferCommitmentsPayload>> {
        let key = key(ctx, input.idempotency_key);
        let done = write::transfer_commitments(ctx.app(), ctx.viewer(), input, key).await;
        TransferCommitmentsPayload::of(done)
    }
}
