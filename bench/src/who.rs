//! Each product's "who am I" against `/v1/me`, all warm, in a tenant of 100,000 members with quotas: wrk, paired runs.

use crate::me::wrk;
use crate::report::{Outcome, median, say};
use crate::rows::Rows;
use crate::seed::people;
use crate::server::{EMAIL, PASSWORD, Server};

const WORLD: &str = r#"
[[tenant]]
key = "bench"
name = "Bench"
quotas = { users = 200000, api_tokens = 100 }
[[user]]
email = "ada@bench.example"
password = "a password for the bench"
name = "Ada"
default_tenant = "bench"
[[user.membership]]
tenant = "bench"
roles = ["admin"]
"#;
const MEMBERS: u32 = 100_000;
const PAIRS: usize = 5;

/// Path, and how many times `/v1/me` it may cost. Akto's is a POST and looks in another header.
const DOORS: [(&str, f64); 5] = [
    ("/api/me", 1.3),
    ("/account/me", 2.0),
    ("/api/v2/users/loggedIn/detail", 1.3),
    ("/identity/resources/users/v3/me", 1.3),
    ("/auth/me", 1.3),
];

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let rows = Rows::sqlite()?;
    Server::start_on(&rows, WORLD)?.kill()?;
    people(&rows, MEMBERS, &[("bench", MEMBERS)])?;
    let server = Server::start_on(&rows, WORLD)?;
    let token = server.sign_in_to(EMAIL, PASSWORD, None)?;
    let script = folder.path().join("post.lua");
    std::fs::write(&script, "wrk.method = \"POST\"\n").map_err(|e| e.to_string())?;
    let script = script.to_str().ok_or("a folder without a name")?;
    let bearer = format!("Authorization: Bearer {token}");
    let key = format!("X-API-KEY: {token}");
    let mut late = Vec::new();
    for (path, most) in DOORS {
        let akto = path == "/api/me";
        let (header, extra) = if akto { (&key, &["-s", script][..]) } else { (&bearer, &[][..]) };
        let door = format!("http://{}{path}", server.host);
        let me = format!("http://{}/v1/me", server.host);
        wrk(&door, header, extra)?;
        let mut ratios = Vec::new();
        for _ in 0..PAIRS {
            let (own, theirs) = (wrk(&me, header, &[])?, wrk(&door, header, extra)?);
            ratios.push(own / theirs);
        }
        let cost = median(&mut ratios);
        say(&format!("{path:34} costs {cost:.2} times /v1/me (goal: {most})"));
        if cost > most {
            late.push(path);
        }
    }
    if late.is_empty() { Ok(()) } else { Err(format!("over the goal: {}", late.join(", "))) }
}
