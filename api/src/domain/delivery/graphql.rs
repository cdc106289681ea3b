//! Deliveries on the graph.

use entity::{delivery, verification as verifications};

use crate::graphql::filter::row_enum;

mod input;
mod mutation;
mod object;
mod root;
mod verification;

pub use self::verification::Verification;
pub use input::{DeliveryBy, DeliveryByReference, DeliveryFilter, DeliveryOrder};
pub use mutation::{
    AgreeDeliveryInput, DeliveryMutation, DeliveryVersionInput, DisputeDeliveryInput,
    EvidenceInput, RecordDeliveryInput, RecordReceiptInput, RefuseReversalsInput,
    ReverseDeliveriesInput, SettleDeliveryInput,
};
pub use object::{Delivery, Evidence};
pub use root::{DeliveryQuery, arrived, on_commitment};

row_enum! {
    /// Which side wrote a delivery down first; the other one verifies it (bên ghi nhận).
    DeliverySide, DeliverySideFilter = delivery::Side {
        /// The giving side (bên trao).
        Giver,
        /// The receiving side (bên nhận).
        Receiver,
    }
}

row_enum! {
    /// Which way goods go (chặng giao).
    DeliveryStage, DeliveryStageFilter = delivery::Stage {
        /// From the giver to the commune (trao trực tiếp).
        Direct,
        /// Into the carrier's hands (giao cho bên trung chuyển); names no commune and enters no
        /// sum.
        ToCarrier,
        /// Out of the carrier's hands to the commune (bên trung chuyển trao lại).
        HandedOver,
    }
}

row_enum! {
    /// State of a delivery (trạng thái kết quả).
    DeliveryState, DeliveryStateFilter = delivery::State {
        /// Nobody verified it yet (đã báo cáo).
        Reported,
        /// The other side says the figure is right (đã xác nhận).
        Confirmed,
        /// The other side has a figure of its own (đang đối soát).
        Disputed,
        /// Both sides are held to one figure (đã thống nhất số liệu).
        Settled,
        /// Taken back (đã đính chính), or what takes another one back; enters no sum.
        Reversed,
    }
}

row_enum! {
    /// What somebody says about a delivery (nội dung xác nhận).
    VerificationAct, VerificationActFilter = verifications::Act {
        /// The figure is right (xác nhận).
        Confirmed,
        /// Another figure is right (đề nghị đối soát).
        Disputed,
        /// Takes the other side's figure (đồng ý số liệu bên kia).
        Agreed,
        /// Decides the figure from above (quyết định số liệu).
        Settled,
        /// Asks to take back what is confirmed or settled (đề nghị đính chính).
        ReversalRequested,
        /// Lets it be taken back (chấp thuận đính chính).
        ReversalConsented,
        /// Does not let it be taken back (không chấp thuận đính chính).
        ReversalRefused,
    }
}

row_enum! {
    /// In which capacity somebody verified (tư cách xác nhận).
    VerificationCapacity, VerificationCapacityFilter = verifications::Capacity {
        /// As the giving side (bên trao).
        Giver,
        /// As the carrier (bên trung chuyển).
        Carrier,
        /// As the authority of the commune (UBND cấp xã).
        Authority,
        /// As the department assigned to the commune (sở, ban, ngành được phân công).
        Assigned,
        /// As the district's authority (UBND cấp huyện).
        District,
        /// As the coordinator (đơn vị điều phối).
        Coordinator,
        /// As the leadership (lãnh đạo).
        Leadership,
    }
}
