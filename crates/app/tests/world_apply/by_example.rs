//! `docs/world-by-example.md`, as it stands there: each file, and what each command says of it.

use herald_app::world::{How, Secrets};
use testkit::{Engine, on_both_engines};

use crate::{apply, empty, exported, told_as, world_rows};

const PAGE: &str = include_str!("../../../../docs/world-by-example.md");

on_both_engines!(every_command_says_what_the_page_says);

async fn every_command_says_what_the_page_says(engine: Engine) {
    let here = empty(engine).await;
    let (mut file, mut commands) = (String::new(), 0);
    for (language, text) in blocks() {
        if language == "toml" {
            file = text;
            continue;
        }
        assert_eq!(language, "console");
        for session in text.split("$ herald apply company.toml").filter(|session| !session.is_empty()) {
            let (flags, said) = session.split_once('\n').unwrap();
            let told = told_as(&here, &file, how(flags)).await;
            assert_eq!(told, said.trim_end(), "herald apply company.toml{flags}");
            commands += 1;
        }
    }
    assert_eq!(commands, 8);
    let text = exported(&here, Secrets::Sealed).await;
    let there = empty(engine).await;
    apply(&there, &text).await;
    assert_eq!(world_rows(&there).await, world_rows(&here).await);
}

fn how(flags: &str) -> How {
    let mut how = How::default();
    for flag in flags.split_whitespace() {
        match flag {
            "--dry-run" => how.dry_run = true,
            "--prune" => how.prune = true,
            "--reset-passwords" => how.reset_passwords = true,
            other => panic!("no flag {other}"),
        }
    }
    how
}

/// Language and text of every fenced block.
fn blocks() -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = PAGE.split("```").collect();
    let blocks = parts.iter().skip(1).step_by(2).map(|block| block.split_once('\n').unwrap());
    blocks.map(|(language, text)| (language, text.to_owned())).collect()
}
