//! What the composer answers, and that nothing brings it down.

use std::time::Duration;

use super::*;

mod compare;
mod compose;
mod hostile;
mod parse;

const COMPOSER: Composer =
    Composer { limits: Limits { memory: 256 << 20, deadline: Duration::from_secs(60) } };
