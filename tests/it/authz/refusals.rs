//! Every refusal of every mutation, as tables: who is refused, which ids do not exist for them,
//! what is stale, and which rules hold. After each refusal the database is as it was. At the end
//! of each table its input is accepted, so nothing was refused for another reason.

use tests::TestApp;

mod amendments;
mod commitments;
mod database;
mod deliveries;
mod documents;
mod members;
mod needs;
mod operations;
mod parties;
mod periods;
mod programme;
mod saved;
mod subgraphs;
mod table;
mod tokens;

pub use table::{Table, changed};

/// One test for each table, and the list of mutations that have one.
macro_rules! refusals {
    ($($test:ident: $mutation:ident from $table:expr;)+) => {
        pub const MUTATIONS: &[&str] = &[$(stringify!($mutation)),+];

        $(
            #[tokio::test]
            async fn $test() {
                let app = TestApp::start().await;
                let table = $table(&app).await;
                assert_eq!(table.mutation, stringify!($mutation));
                table.check(&app).await;
            }
        )+
    };
}

refusals! {
    accepting_an_invitation_is_refused_as_the_table_says:
        acceptInvitation from members::accept_invitation;
    accepting_a_commitment_is_refused_as_the_table_says:
        acceptCommitment from commitments::accept_commitment;
    accepting_an_amendment_is_refused_as_the_table_says:
        acceptAmendment from amendments::accept_amendment;
    agreeing_on_a_delivery_is_refused_as_the_table_says:
        agreeDelivery from deliveries::agree_delivery;
    amending_a_commitment_is_refused_as_the_table_says:
        amendCommitment from amendments::amend_commitment;
    answering_a_task_is_refused_as_the_table_says: answerTask from documents::answer_task;
    approving_an_invitation_is_refused_as_the_table_says:
        approveInvitation from members::approve_invitation;
    approving_a_subgraph_is_refused_as_the_table_says:
        approveSubgraph from subgraphs::approve_subgraph;
    assigning_a_department_is_refused_as_the_table_says:
        assignDepartment from periods::assign_department;
    changing_a_role_is_refused_as_the_table_says:
        changeMemberRole from members::change_member_role;
    changing_a_saved_operation_is_refused_as_the_table_says:
        changeSavedOperation from saved::change_saved_operation;
    checking_a_subgraph_is_refused_as_the_table_says:
        checkSubgraph from subgraphs::check_subgraph;
    closing_a_commitment_is_refused_as_the_table_says:
        closeCommitment from commitments::close_commitment;
    confirming_deliveries_is_refused_as_the_table_says:
        confirmDeliveries from deliveries::confirm_deliveries;
    consenting_to_reversals_is_refused_as_the_table_says:
        consentToReversals from deliveries::consent_to_reversals;
    declining_a_commitment_is_refused_as_the_table_says:
        declineCommitment from commitments::decline_commitment;
    declining_an_amendment_is_refused_as_the_table_says:
        declineAmendment from amendments::decline_amendment;
    defining_an_activity_kind_is_refused_as_the_table_says:
        defineActivityKind from programme::define_activity_kind;
    defining_a_document_is_refused_as_the_table_says: defineDocument from documents::define_document;
    defining_a_party_is_refused_as_the_table_says: defineParty from parties::define_party;
    defining_a_task_is_refused_as_the_table_says: defineTask from documents::define_task;
    deleting_a_saved_operation_is_refused_as_the_table_says:
        deleteSavedOperation from saved::delete_saved_operation;
    disputing_a_delivery_is_refused_as_the_table_says:
        disputeDelivery from deliveries::dispute_delivery;
    doing_a_note_is_refused_as_the_table_says: doneNote from needs::done_note;
    ending_an_assignment_is_refused_as_the_table_says: endAssignment from periods::end_assignment;
    ending_an_enrolment_is_refused_as_the_table_says: endEnrolment from periods::end_enrolment;
    ending_a_mandate_is_refused_as_the_table_says: endMandate from periods::end_mandate;
    enrolling_a_commune_is_refused_as_the_table_says: enrolCommune from periods::enrol_commune;
    favouring_an_operation_is_refused_as_the_table_says:
        favouriteOperation from saved::favourite_operation;
    granting_fields_is_refused_as_the_table_says: grantFields from subgraphs::grant_fields;
    inviting_a_member_is_refused_as_the_table_says: inviteMember from members::invite_member;
    issuing_a_token_is_refused_as_the_table_says: issueToken from tokens::issue_token;
    making_a_mandate_is_refused_as_the_table_says: makeMandate from periods::make_mandate;
    proposing_commitments_is_refused_as_the_table_says:
        proposeCommitments from commitments::propose_commitments;
    publishing_a_subgraph_is_refused_as_the_table_says:
        publishSubgraph from subgraphs::publish_subgraph;
    raising_a_need_is_refused_as_the_table_says: raiseNeed from needs::raise_need;
    reopening_a_commitment_is_refused_as_the_table_says:
        reopenCommitment from commitments::reopen_commitment;
    recording_a_receipt_is_refused_as_the_table_says:
        recordReceipt from deliveries::record_receipt;
    recording_a_succession_is_refused_as_the_table_says:
        recordPartySuccession from parties::record_party_succession;
    recording_deliveries_is_refused_as_the_table_says:
        recordDeliveries from deliveries::record_deliveries;
    refusing_reversals_is_refused_as_the_table_says:
        refuseReversals from deliveries::refuse_reversals;
    registering_an_operation_is_refused_as_the_table_says:
        registerOperation from operations::register_operation;
    retiring_an_operation_is_refused_as_the_table_says:
        retireOperation from operations::retire_operation;
    retiring_a_subgraph_is_refused_as_the_table_says:
        retireSubgraph from subgraphs::retire_subgraph;
    revoking_a_grant_is_refused_as_the_table_says: revokeGrant from subgraphs::revoke_grant;
    rolling_back_is_refused_as_the_table_says:
        rollBackSupergraph from subgraphs::roll_back_supergraph;
    removing_a_member_is_refused_as_the_table_says: removeMember from members::remove_member;
    reversing_deliveries_is_refused_as_the_table_says:
        reverseDeliveries from deliveries::reverse_deliveries;
    revising_an_activity_kind_is_refused_as_the_table_says:
        reviseActivityKind from programme::revise_activity_kind;
    revising_a_party_is_refused_as_the_table_says: reviseParty from parties::revise_party;
    revoking_an_invitation_is_refused_as_the_table_says:
        revokeInvitation from members::revoke_invitation;
    revoking_a_token_is_refused_as_the_table_says: revokeToken from tokens::revoke_token;
    rotating_a_token_is_refused_as_the_table_says: rotateToken from tokens::rotate_token;
    saving_an_operation_is_refused_as_the_table_says: saveOperation from saved::save_operation;
    sharing_a_saved_operation_is_refused_as_the_table_says:
        shareSavedOperation from saved::share_saved_operation;
    settling_a_delivery_is_refused_as_the_table_says:
        settleDelivery from deliveries::settle_delivery;
    transferring_commitments_is_refused_as_the_table_says:
        transferCommitments from commitments::transfer_commitments;
    unfavouring_an_operation_is_refused_as_the_table_says:
        unfavouriteOperation from saved::unfavourite_operation;
    unsharing_a_saved_operation_is_refused_as_the_table_says:
        unshareSavedOperation from saved::unshare_saved_operation;
    withdrawing_a_commitment_is_refused_as_the_table_says:
        withdrawCommitment from commitments::withdraw_commitment;
    withdrawing_a_need_is_refused_as_the_table_says: withdrawNeed from needs::withdraw_need;
    writing_a_note_is_refused_as_the_table_says: writeNote from needs::write_note;
}
