use std::fmt::Write;

use testkit::{Engine, on_both_engines};

use crate::{apply, empty, one, refusal};

on_both_engines!(thousands_of_users_apply_in_one_go);

const MANY: usize = 2_000;

fn many(level: u8) -> String {
    let mut text = format!("[[tenant]]\nkey = 'acme'\nname = 'A'\n[[role]]\nkey = 'desk'\nlevel = {level}\n");
    for number in 0..MANY {
        write!(
            text,
            "[[user]]\nemail = 'user{number}@acme.example'\nname = 'User {level}'\ndefault_tenant = 'acme'\n\
             [[user.membership]]\ntenant = 'acme'\nroles = ['desk', 'guest']\n"
        )
        .unwrap();
    }
    text
}

async fn thousands_of_users_apply_in_one_go(engine: Engine) {
    let here = empty(engine).await;
    assert_eq!(apply(&here, &many(1)).await.lines.len(), 2 * MANY + 2);
    let again = apply(&here, &many(1)).await;
    assert!(again.is_empty(), "{}", again.lines.len());
    assert_eq!(apply(&here, &many(2)).await.counts(), (0, MANY + 1));
    assert_eq!(
        one(&here, "SELECT COUNT(DISTINCT number), MAX(number) FROM users").await,
        format!("{MANY}|{MANY}")
    );
    let huge = format!("#{}", " ".repeat(16 * 1024 * 1024));
    assert_eq!(refusal(&here, &huge).await, "line 1: is over 16 MiB; split it into several files");
}
