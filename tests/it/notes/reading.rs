//! Who reads notes, in lists, on needs, and by what they are on.

use serde_json::{Value, json};

use super::Ground;

#[tokio::test]
async fn notes_are_for_those_whom_the_object_concerns_and_for_the_addressee() {
    let g = Ground::new().await;
    let app = &g.app;
    let bank = app.bank().await;
    let (on_need, on_private, on_public) = (
        app.note(g.officer.party()).on_need(&g.need).await,
        app.note(g.giver.party()).on_delivery(&g.delivery).await,
        app.note(g.officer.party()).on_commitment(&g.public).to(bank.party()).await,
    );
    let ids = [&on_need, &on_private, &on_public].map(|note| note.id.to_string());
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id }
        notes(first: 9, orderBy: OLDEST) { totalCount nodes { id } }
        needs(first: 9) { nodes { notes { id } } } }";

    for (who, actor, seen) in [
        ("public", app.public(), [false, false, false]),
        ("stranger", app.stranger(), [false, false, false]),
        ("rival", app.telecom().await, [false, false, false]),
        ("another commune", app.commune_officer("02071").await, [false, false, false]),
        ("addressee", bank, [false, false, true]),
        ("giver", g.giver.clone(), [false, true, false]),
        ("commune", g.officer.clone(), [true, true, true]),
        ("assigned", app.assigned_department("02014").await, [true, true, true]),
        ("leadership", app.leadership().await, [true, true, true]),
        ("coordinator", app.coordinator().await, [true, true, true]),
    ] {
        let reply = actor.gql(query, json!({ "ids": ids })).await;
        let data = reply.expect_ok();
        let expected = ids.iter().zip(seen).filter(|(_, seen)| *seen).map(|(id, _)| id);
        let expected: Vec<&String> = expected.collect();
        assert_eq!(reply.column("/notes", "id"), expected, "{who}");
        assert_eq!(data["notes"]["totalCount"], expected.len(), "{who}");
        let found = data["nodes"].as_array().unwrap().iter().map(Value::is_object);
        assert_eq!(found.collect::<Vec<_>>(), seen, "{who}");
        let nested = data["needs"]["nodes"][0]["notes"].as_array().unwrap().len();
        assert_eq!(nested, usize::from(seen[0]), "{who}");
    }
}

#[tokio::test]
async fn a_filter_by_an_object_tells_nothing_about_one_that_is_hidden() {
    let g = Ground::new().await;
    let bank = g.app.bank().await;
    let note = g.app.note(g.officer.party()).on_delivery(&g.delivery).to(bank.party()).await;
    let query = "query ($c: ID!, $d: ID!, $p: ID!) {
        by: notes(first: 9, filter: { commitment: { eq: $c } }) { totalCount }
        not: notes(first: 9, filter: { commitment: { not: $p } }) { totalCount }
        of: notes(first: 9, filter: { delivery: { in: [$d] } }) { totalCount }
        mine: notes(first: 9, filter: { addressee: { eq: $p } }) { nodes { id } } }";
    let variables = json!({ "c": g.commitment.id.to_string(), "d": g.delivery.id.to_string(),
        "p": bank.party().id.to_string() });

    for (actor, count) in [(&bank, 0), (&g.giver, 1), (&g.officer, 1)] {
        let reply = actor.gql(query, variables.clone()).await;
        for alias in ["by", "not", "of"] {
            assert_eq!(reply.at(&format!("/{alias}/totalCount")), count, "{alias}");
        }
        assert_eq!(reply.column("/mine", "id"), [note.id.to_string()]);
    }
}

#[tokio::test]
async fn notes_are_filtered_and_ordered() {
    let g = Ground::new().await;
    let app = &g.app;
    let first = app.note(g.officer.party()).on_need(&g.need).await.id.to_string();
    let second = app.note(g.giver.party()).on_commitment(&g.commitment).to(g.officer.party());
    let second = second.with(|row| row.due_on = Some(tests::day("2026-12-01"))).await;
    let second = second.id.to_string();
    let (need, giver) = (g.need.id, g.giver.party().id);

    for (arguments, expected) in [
        (String::new(), vec![&second, &first]),
        ("orderBy: OLDEST".to_owned(), vec![&first, &second]),
        (format!("filter: {{ need: {{ eq: \"{need}\" }} }}"), vec![&first]),
        (format!("filter: {{ writtenBy: {{ eq: \"{giver}\" }} }}"), vec![&second]),
        ("filter: { status: { eq: OPEN } }".to_owned(), vec![&second, &first]),
        ("filter: { status: { eq: DONE } }".to_owned(), vec![]),
        ("filter: { dueOn: { gte: \"2026-12-01\" } }".to_owned(), vec![&second]),
    ] {
        let arguments = format!("first: 9 {arguments}");
        let reply = g.officer.ask(&format!("{{ notes({arguments}) {{ nodes {{ id }} }} }}")).await;
        assert_eq!(reply.column("/notes", "id"), expected, "{arguments}");
    }
}
