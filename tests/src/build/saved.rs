//! Operations that parties keep to run by hand.

use api::{clock::Clock, text};
use entity::{favourite, member, operation::Kind, party, saved_operation};

use super::Build;
use crate::TestApp;

impl TestApp {
    /// A saved operation of a party's that asks who it is, for the party alone.
    pub fn saved_operation(
        &self,
        party: &party::Model,
        title: &str,
    ) -> Build<'_, saved_operation::Model> {
        let row = saved_operation::Model {
            id: self.clock.uuid().into(),
            party_id: party.id,
            title_vi: title.to_owned(),
            title_en: None,
            description_vi: None,
            description_en: None,
            search_key: text::search_key([title]),
            document: "{ viewer { today } }".to_owned(),
            kind: Kind::Query,
            variables: "{}".to_owned(),
            shared: false,
            created_at: self.clock.now(),
            updated_at: self.clock.now(),
            deleted_at: None,
            version: 1,
        };
        Build::new(self, row)
    }

    /// That a member wants it at hand.
    pub fn favourite(
        &self,
        member: &member::Model,
        saved: &saved_operation::Model,
    ) -> Build<'_, favourite::Model> {
        Build::new(self, favourite::Model { member_id: member.id, saved_operation_id: saved.id })
    }
}
