//! Which places have a row, on which day, and what became of them.

use entity::party::Kind;
use serde_json::json;
use tests::TestApp;

use super::{board, rows};

#[tokio::test]
async fn the_communes_of_the_pilot_stay_on_the_board_after_they_have_ended() {
    let app = TestApp::start().await;
    let union = app.party(Kind::MassOrganization).await;
    let before = app.place_on("02071", "2025-06-30").await;
    let after = app.commune("02071").await;
    app.commitment(&union).to(&before).quantity(3).await;
    app.commitment(&union).to(&after).quantity(4).await;

    let today = board(&app.public(), json!({})).await;
    let then = board(&app.public(), json!({ "asOf": "2025-06-30" })).await;
    let without = board(&app.public(), json!({ "includePredecessors": false })).await;

    let promised = |cells: &[serde_json::Value]| -> Vec<String> {
        cells.iter().map(|cell| cell["promised"].as_str().unwrap().to_owned()).collect()
    };
    let mut both = rows(&today);
    both.sort();
    assert_eq!(both, ["02071", "02071*"]);
    assert_eq!((rows(&then), promised(&then)), (vec!["02071".into()], vec!["3".into()]));
    assert_eq!((rows(&without), promised(&without)), (vec!["02071".into()], vec!["4".into()]));
}

#[tokio::test]
async fn a_commune_shows_what_its_predecessors_had_marked_and_in_rows_of_their_own() {
    let app = TestApp::start().await;
    let union = app.party(Kind::MassOrganization).await;
    let song_cau = app.place_on("01837", "2025-06-20").await;
    let bac_kan = app.place_on("01843", "2025-07-02").await;
    app.commitment(&union).to(&song_cau).quantity(20).await;
    app.commitment(&union).to(&bac_kan).quantity(5).await;

    let of_new = board(&app.public(), json!({ "placeIds": [bac_kan.id.to_string()] })).await;
    let of_old = board(&app.public(), json!({ "placeIds": [song_cau.id.to_string()] })).await;

    assert_eq!(rows(&of_new), ["01837*", "01843"]);
    assert_eq!(of_new[0]["promised"], "20");
    assert_eq!(of_new[1]["promised"], "5");
    assert_eq!(rows(&of_old), ["01837"]);
}

#[tokio::test]
async fn what_is_promised_to_a_wider_place_has_a_row_of_its_own() {
    let app = TestApp::start().await;
    let union = app.party(Kind::MassOrganization).await;
    let commune = app.commune("02071").await;
    let old_province = app.place_on("06", "2025-06-30").await;
    let district = app.place_on("064", "2025-06-30").await;
    let wide = app.commitment(&union).to(&app.province().await).quantity(100).await;
    app.delivery(&wide).at(&commune).quantity(8).await;
    app.commitment(&union).to(&old_province).quantity(50).await;
    app.commitment(&union).to(&district).quantity(25).await;

    let cells = board(&app.public(), json!({})).await;

    assert_eq!(rows(&cells), ["02071", "06*", "064*", "19"]);
    let figures = |name: &str| -> Vec<_> { cells.iter().map(|cell| cell[name].clone()).collect() };
    assert_eq!(figures("promised"), ["0", "50", "25", "100"]);
    assert_eq!(figures("reported"), ["8", "0", "0", "0"]);
}

#[tokio::test]
async fn a_commune_outside_the_programme_is_on_the_board_only_where_it_is_named() {
    let app = TestApp::start().await;
    let union = app.party(Kind::MassOrganization).await;
    let outside = app.place(entity::place::Level::Commune, "99999", "Xã Ngoài");
    let outside = outside.inside(&app.province().await).await;
    app.commitment(&union).to(&outside).await;

    let programme = board(&app.public(), json!({})).await;
    let named = board(&app.public(), json!({ "placeIds": [outside.id.to_string()] })).await;

    assert!(programme.is_empty(), "{programme:?}");
    assert_eq!(rows(&named), ["99999"]);
}
