//! What is promised by when, and what was delivered so far.

use async_graphql::SimpleObject;
use entity::commitment;

use crate::graphql::scalar::{Date, Decimal, Ratio};

/// How much is promised by a day (mốc tiến độ).
#[derive(SimpleObject)]
pub struct Due {
    /// The day (hạn).
    pub due_on: Date,
    /// How much by then, everything before it included (số luỹ kế), in the activity's unit.
    pub quantity: Decimal,
}

impl Due {
    pub fn list(schedule: &commitment::Schedule, precision: i32) -> Vec<Self> {
        let due = |due: &commitment::Due| Self {
            due_on: Date(due.due_on),
            quantity: Decimal::of(due.quantity, precision),
        };
        schedule.0.iter().map(due).collect()
    }
}

/// What was delivered on a commitment so far (tiến độ thực hiện), in the activity's unit. It
/// follows from the deliveries: reported = confirmed + unverified + disputed + what the agreed
/// figures fall short of the reported ones.
#[derive(SimpleObject)]
pub struct Progress {
    /// How much is promised (đã cam kết); null for an open promise.
    pub promised: Option<Decimal>,
    /// What the giving side says (đã báo cáo), without what was taken back.
    pub reported: Decimal,
    /// What the receiving side confirmed, or both sides agreed on (đã xác nhận).
    pub confirmed: Decimal,
    /// What nobody verified yet (chưa xác nhận).
    pub unverified: Decimal,
    /// What the other side disputes, at the reported figure (đang đối soát).
    pub disputed: Decimal,
    /// By how much the figures of both sides differ in all (chênh lệch): reported less received or
    /// agreed.
    pub difference: Decimal,
    /// Confirmed of promised (tỷ lệ hoàn thành); null for an open promise.
    pub fulfilment: Option<Ratio>,
    /// Number of deliveries that wait for somebody (số mục đang chờ).
    pub open_entries: i32,
    /// The first due date that is not met by what is reported (mốc chưa đạt); null when all are.
    pub unmet_on: Option<Date>,
}

impl Progress {
    pub fn of(row: &commitment::Model) -> Self {
        let of = |raw: i64| Decimal::of(raw, row.precision);
        Self {
            promised: row.quantity.map(of),
            reported: of(row.reported),
            confirmed: of(row.confirmed),
            unverified: of(row.unverified),
            disputed: of(row.disputed),
            difference: of(row.difference),
            fulfilment: row.quantity.map(|all| Ratio::of(row.confirmed, all, row.precision)),
            open_entries: row.open_entries,
            unmet_on: row.unmet_on.map(Date),
        }
    }
}
