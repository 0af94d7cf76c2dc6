//! SIGKILL at any moment loses nothing that was acknowledged.

use super::demo::MIRA;
use super::http::{me, session, sign_in};
use super::program::Home;

#[test]
fn sessions_outlive_a_kill() {
    let home = Home::new();
    let mut tokens: Vec<String> = Vec::new();
    for _ in 0..3 {
        let server = home.start(&["demo"]);
        for token in &tokens {
            assert_eq!(me(&server, token).status, 200);
        }
        tokens.push(session(&server, MIRA.0, MIRA.1));
        server.kill();
    }
    let set = ["user", "password", MIRA.0, "--password-stdin", "--data", "herald-demo"];
    assert_eq!(
        home.run_with(&set, "after the storm, calm", &[]).code,
        Some(0),
        "the next one finds the folder free"
    );
    let server = home.start(&["demo"]);
    assert!(tokens.iter().all(|token| me(&server, token).status == 401));
    assert_eq!(sign_in(&server, MIRA.0, "after the storm, calm").status, 200);
}
