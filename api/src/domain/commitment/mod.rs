//! Commitments (cam kết): a lead giver, with joint givers and a carrier, promises a quantity of one
//! activity to one place on a schedule. `PROPOSED → ACTIVE → CLOSED`; `DECLINED` by the receiver,
//! `WITHDRAWN` by the giver. The authority of the place accepts; raising or bringing forward holds
//! at once, lowering, postponing or moving waits for the receiver. Progress follows from the
//! deliveries. A `PUBLIC` commitment is seen by everybody, one for the `PARTIES` by both sides, by
//! who helps the place, and by who runs the programme.

pub mod graphql;
pub mod health;
pub mod read;
pub mod rules;
