//! What parties may try: one kind of act for each mutation of the ledger, and for each way of
//! recording and amending.

use std::collections::BTreeMap;

use serde_json::Value;
use tests::Reply;

/// A kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Propose,
    Accept,
    Decline,
    AmendUp,
    AmendDown,
    AmendMove,
    AcceptAmendment,
    DeclineAmendment,
    Withdraw,
    Close,
    Reopen,
    Transfer,
    RecordDirect,
    RecordToCarrier,
    RecordHandedOver,
    RecordSilent,
    RecordRemoval,
    Receipt,
    SilentReceipt,
    Confirm,
    Dispute,
    Agree,
    Settle,
    Reverse,
    Consent,
    Refuse,
}

/// Each with how often it is tried.
pub const KINDS: [(Kind, usize); 26] = [
    (Kind::Propose, 14),
    (Kind::Accept, 12),
    (Kind::Decline, 2),
    (Kind::AmendUp, 6),
    (Kind::AmendDown, 6),
    (Kind::AmendMove, 4),
    (Kind::AcceptAmendment, 8),
    (Kind::DeclineAmendment, 5),
    (Kind::Withdraw, 3),
    (Kind::Close, 6),
    (Kind::Reopen, 4),
    (Kind::Transfer, 5),
    (Kind::RecordDirect, 12),
    (Kind::RecordToCarrier, 12),
    (Kind::RecordHandedOver, 14),
    (Kind::RecordSilent, 6),
    (Kind::RecordRemoval, 6),
    (Kind::Receipt, 6),
    (Kind::SilentReceipt, 4),
    (Kind::Confirm, 26),
    (Kind::Dispute, 10),
    (Kind::Agree, 8),
    (Kind::Settle, 5),
    (Kind::Reverse, 16),
    (Kind::Consent, 8),
    (Kind::Refuse, 4),
];

impl Kind {
    /// The field of `Mutation`, its input, and what it answers.
    pub const fn mutation(self) -> (&'static str, &'static str, &'static str) {
        const COMMITMENT: &str = "commitment { id version }";
        const COMMITMENTS: &str = "replayed commitments { id version }";
        const DELIVERY: &str = "replayed delivery { id version }";
        const DELIVERIES: &str = "replayed deliveries { id version }";
        match self {
            Self::Propose => ("proposeCommitments", "ProposeCommitmentsInput", COMMITMENTS),
            Self::Accept => ("acceptCommitment", "AcceptCommitmentInput", COMMITMENT),
            Self::Decline => ("declineCommitment", "DeclineCommitmentInput", COMMITMENT),
            Self::AmendUp | Self::AmendDown | Self::AmendMove => {
                ("amendCommitment", "AmendCommitmentInput", "replayed commitment { id version }")
            }
            Self::AcceptAmendment => ("acceptAmendment", "AcceptAmendmentInput", COMMITMENT),
            Self::DeclineAmendment => ("declineAmendment", "DeclineAmendmentInput", COMMITMENT),
            Self::Withdraw => ("withdrawCommitment", "WithdrawCommitmentInput", COMMITMENT),
            Self::Close => ("closeCommitment", "CloseCommitmentInput", COMMITMENT),
            Self::Reopen => ("reopenCommitment", "ReopenCommitmentInput", COMMITMENT),
            Self::Transfer => ("transferCommitments", "TransferCommitmentsInput", COMMITMENTS),
            Self::RecordDirect
            | Self::RecordToCarrier
            | Self::RecordHandedOver
            | Self::RecordSilent
            | Self::RecordRemoval => ("recordDeliveries", "RecordDeliveriesInput", DELIVERIES),
            Self::Receipt | Self::SilentReceipt => {
                ("recordReceipt", "RecordReceiptInput", DELIVERY)
            }
            Self::Confirm => ("confirmDeliveries", "ConfirmDeliveriesInput", DELIVERIES),
            Self::Dispute => ("disputeDelivery", "DisputeDeliveryInput", DELIVERY),
            Self::Agree => ("agreeDelivery", "AgreeDeliveryInput", DELIVERY),
            Self::Settle => ("settleDelivery", "SettleDeliveryInput", DELIVERY),
            Self::Reverse => ("reverseDeliveries", "ReverseDeliveriesInput", DELIVERIES),
            Self::Consent => ("consentToReversals", "ConsentToReversalsInput", DELIVERIES),
            Self::Refuse => ("refuseReversals", "RefuseReversalsInput", DELIVERIES),
        }
    }

    pub fn document(self) -> String {
        let (field, input, answer) = self.mutation();
        format!(
            "mutation ($input: {input}!) {{ {field}(input: $input) {{
                {answer} userErrors {{ code path message }} }} }}"
        )
    }
}

/// Something that somebody tries.
#[derive(Clone, Debug)]
pub struct Act {
    pub kind: Kind,
    /// Which of the people.
    pub by: usize,
    pub input: Value,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Answered again, without effect.
    Replayed,
    /// Nothing was done.
    Refused,
    /// Some rows of a batch were done, or all of it was only tried.
    Partly,
}

impl Act {
    pub fn outcome(&self, reply: &Reply) -> Outcome {
        let payload = reply.at(&format!("/{}", self.kind.mutation().0));
        if payload["replayed"] == true {
            return Outcome::Replayed;
        }
        let is_dry = self.input["dryRun"] == true;
        let is_partial = self.input["errorPolicy"] == "REJECT_FAILED_ROWS";
        match (reply.refusals().is_empty(), is_dry) {
            (true, false) => Outcome::Done,
            (false, _) if !is_partial || is_dry => Outcome::Refused,
            (true, true) => Outcome::Refused,
            (false, _) => Outcome::Partly,
        }
    }
}

/// How often each kind was tried, and how often it was done.
#[derive(Default)]
pub struct Tally {
    pub tried: BTreeMap<Kind, usize>,
    pub done: BTreeMap<Kind, usize>,
    pub replayed: usize,
    pub refused: BTreeMap<String, usize>,
}

impl Tally {
    pub fn count(&mut self, act: &Act, reply: &Reply) -> Outcome {
        let outcome = act.outcome(reply);
        *self.tried.entry(act.kind).or_default() += 1;
        match outcome {
            Outcome::Done => *self.done.entry(act.kind).or_default() += 1,
            Outcome::Replayed => self.replayed += 1,
            Outcome::Refused | Outcome::Partly => {}
        }
        for refusal in reply.refusals() {
            let code = refusal["code"].as_str().unwrap().to_owned();
            *self.refused.entry(code).or_default() += 1;
        }
        outcome
    }
}
