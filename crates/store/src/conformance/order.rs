//! Text is compared, ordered and bounded by its bytes, whatever the database's own language is.

use uuid::Uuid;

use super::place::Place;
use super::rows::{all, put, range, write};
use crate::StoreError;
use crate::db::params;

sql! { "audit";
    NOTE = "INSERT INTO audit (id, at, actor_kind, action, outcome, reason, ip, user_agent, request_id) \
        VALUES ($1, 0, '', '', '', '', '', '', '')";
    BY_ID = "SELECT id FROM audit ORDER BY id";
    AFTER_ID = "SELECT id FROM audit WHERE id > $1 ORDER BY id";
}

both! {
    text_is_ordered_by_its_bytes
    a_prefix_is_a_range
    letters_differ_by_case_and_accent
    ids_are_ordered_by_their_bytes
}

/// In a language's order: a, A, B, é, z; here capitals, small letters, accents, signs.
const WORDS: [&str; 12] =
    ["a", "B", "é", "e\u{301}", "Z", "z", "-", "_", "a b", "a-b", "\u{1F600}", "\u{FFFD}"];

async fn text_is_ordered_by_its_bytes(place: &Place) {
    for word in WORDS {
        write(&place.store, word).await.unwrap();
    }
    let mut by_bytes = WORDS;
    by_bytes.sort_unstable_by_key(|word| word.as_bytes());
    assert_eq!(all(&place.store).await, by_bytes);
    assert!(by_bytes.iter().position(|word| *word == "B") < by_bytes.iter().position(|word| *word == "a"));
}

async fn a_prefix_is_a_range(place: &Place) {
    let words = ["ad", "Ada", "ada", "ada lovelace", "ada-b", "adaé", "ada\u{1F600}", "adb", "bada", "Adaz"];
    for word in words {
        write(&place.store, word).await.unwrap();
    }
    let found = place.store.read(|tx| Box::pin(range(tx, "ada", "ada\u{10FFFF}"))).await.unwrap();
    let mut expected: Vec<&str> = words.into_iter().filter(|word| word.starts_with("ada")).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let found = place.store.read(|tx| Box::pin(range(tx, "ada", "adb"))).await.unwrap();
    assert_eq!(found, expected);
}

async fn letters_differ_by_case_and_accent(place: &Place) {
    let different = ["ada", "Ada", "adá", "ada\u{301}", "ada "];
    let kept = place.store.write(move |tx| {
        Box::pin(async move {
            for word in different {
                put(tx, word, "").await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    kept.await.unwrap();
    assert_eq!(all(&place.store).await.len(), different.len());
}

async fn ids_are_ordered_by_their_bytes(place: &Place) {
    let ids = [u128::MAX, 0, 1, 0x80 << 120, 0x7F << 120, 256, 255, 1 << 64].map(Uuid::from_u128);
    let noted = place.store.write(move |tx| {
        Box::pin(async move {
            for id in ids {
                tx.run(&NOTE, params![id]).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    noted.await.unwrap();
    let mut expected = ids.to_vec();
    expected.sort_unstable();
    let listed =
        place.store.read(|tx| Box::pin(async move { tx.list(&BY_ID, &[], |mut row| row.take("id")).await }));
    let listed: Result<Vec<Uuid>, StoreError> = listed.await;
    assert_eq!(listed.unwrap(), expected);
    let after = expected[3];
    let rest = place.store.read(move |tx| {
        Box::pin(async move { tx.list(&AFTER_ID, params![after], |mut row| row.take::<Uuid>("id")).await })
    });
    let rest: Result<_, StoreError> = rest.await;
    assert_eq!(rest.unwrap(), expected[4..]);
}
