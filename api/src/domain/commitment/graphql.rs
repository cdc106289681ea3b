//! Commitments on the graph.

use entity::{amendment as amendments, commitment};

use super::health;
use crate::graphql::filter::row_enum;

mod amendment;
mod input;
mod mutation;
mod object;
mod progress;
mod root;

pub use self::amendment::{Amendment, Promise};
pub use input::{
    CommitmentBy, CommitmentByReference, CommitmentFilter, CommitmentHealthFilter, CommitmentOrder,
};
pub use mutation::{
    AcceptAmendmentInput, AcceptCommitmentInput, AmendCommitmentInput, CloseCommitmentInput,
    CommitmentMutation, CommitmentVersionInput, DeclineAmendmentInput, DeclineCommitmentInput,
    DueInput, ProposeCommitmentInput, ReopenCommitmentInput, TransferCommitmentsInput,
    WithdrawCommitmentInput,
};
pub use object::Commitment;
pub use progress::{Due, Progress};
pub use root::{CommitmentQuery, owed, owes, promised};

row_enum! {
    /// State of a commitment (trạng thái cam kết).
    CommitmentStatus, CommitmentStatusFilter = commitment::Status {
        /// Waits for the receiver (đề xuất).
        Proposed,
        /// Holds (có hiệu lực); deliveries are recorded on it.
        Active,
        /// Ended (kết thúc), fulfilled or by the coordinator's decision.
        Closed,
        /// The receiver does not want it (bị từ chối), with its reason.
        Declined,
        /// The giver took it back (đã rút), with its reason; deliveries stay.
        Withdrawn,
    }
}

row_enum! {
    /// Who may see a commitment and what hangs on it (phạm vi công khai).
    Disclosure, DisclosureFilter = commitment::Disclosure {
        /// Everybody (công khai).
        Public,
        /// Both sides, who helps the place, coordinator and leadership (các bên liên quan).
        Parties,
    }
}

row_enum! {
    /// State of an amendment (trạng thái điều chỉnh).
    AmendmentState, AmendmentStateFilter = amendments::State {
        /// Waits for the receiver (chờ chấp thuận).
        Pending,
        /// Holds (có hiệu lực).
        InForce,
        /// The receiver does not accept it (không được chấp thuận).
        Declined,
        /// The giver amended again before the receiver decided (đã thay bằng điều chỉnh khác).
        Superseded,
    }
}

/// How a commitment stands today (tình trạng tiến độ): the first of these that matches.
#[derive(async_graphql::Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "health::Health")]
pub enum CommitmentHealth {
    /// What is confirmed reaches what was promised (hoàn thành).
    Fulfilled,
    /// What is reported reaches it, what is confirmed not yet (chờ xác nhận).
    AwaitingVerification,
    /// The last due date is past (quá hạn).
    Overdue,
    /// A due date of the schedule is past and was not met (chậm tiến độ).
    Behind,
    /// Nothing is reported yet (chưa thực hiện).
    NotStarted,
    /// None of these (đúng tiến độ). An open promise is this or `NOT_STARTED`.
    OnTrack,
}
