//! Members and invitations (thành viên, lời mời). A person is known by issuer and opaque subject,
//! may be a member of several parties, and has one role in each. People join by a one-use code;
//! nothing is matched by e-mail. A party's managers see and keep its members; the coordinator sees
//! and invites, and its invitation waits where a party has a manager. A party keeps a manager.

pub mod graphql;
pub mod read;
pub mod rules;
pub mod write;
