//! Users by pattern.

use serde_json::{Value, json};
use testkit::{Engine, Setup, demo};

use super::{get, gus, mira, otto, said};
use crate::kit::{Answer, Herald};
use crate::other;

async fn ask(herald: &Herald, pattern: &str, token: &str) -> Answer {
    herald.send(get(&format!("/api/users/{pattern}"), token)).await
}

/// The demo on either engine: what is special in SQL differs between them.
async fn on_both(test: impl AsyncFn(Herald)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        test(Herald::with(Setup::on(engine)).await).await;
    }
}

async fn emails(herald: &Herald, pattern: &str) -> Vec<String> {
    let answer = ask(herald, pattern, mira()).await;
    assert_eq!(answer.status, 200, "{pattern}");
    let rows = answer.json();
    rows.as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_examples() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("mira_ragu", ask(&herald, "ragu*", mira()).await.shown());
    insta::assert_json_snapshot!("otto_all", ask(&herald, "*", otto()).await.shown());
    insta::assert_json_snapshot!("mira_all", ask(&herald, "*", mira()).await.shown());
}

#[tokio::test]
async fn case_13_what_is_found() {
    on_both(async |herald| {
        for pattern in [
            "ragu*",
            "RAGU*",
            "*iyer*",
            "%72agu%2A",
            demo::RAGU,
            "Ragu.Iyer@Northwind.Example",
            "ragu.iyer%40northwind.example",
            "r*i*r@*",
            "**ragu***",
            "*ragu.iyer@northwind.example*",
            "RAGU.IYER@NORTHWIND.EXAMPLE",
            "%72%61%67%75%2e%69%79%65%72%40%6e%6f%72%74%68%77%69%6e%64%2e%65%78%61%6d%70%6c%65",
        ] {
            assert_eq!(emails(&herald, pattern).await, [demo::RAGU], "{pattern}");
        }
        let all = [demo::GUS, demo::MIRA, demo::NOOR, demo::RAGU, demo::TOVA];
        for pattern in ["*", "*@northwind.example", "*@NORTHWIND*", "%2A", "***"] {
            assert_eq!(emails(&herald, pattern).await, all, "{pattern}");
        }
    })
    .await;
}

#[tokio::test]
async fn case_13_what_is_not() {
    on_both(async |herald| {
        for pattern in [
            "ragu",
            "ragu?",
            "%25",
            "%25%2A",
            "_agu*",
            "%252A",
            "Ragu%20Iyer",
            "[a-z]*",
            "%5Bm-r%5D*",
            "%5C*",
            "ragu%5C*",
            "%27%20OR%201=1%20--",
            "%22*",
            "ragu.iyer@northwind_example",
            "*%00*",
            "%00",
            "ragu%00*",
            "%0D%0A*",
            "%20ragu*",
            "ragu*%20",
            // Cyrillic а, a fullwidth r, a long s for s.
            "r%D0%B0gu*",
            "%EF%BD%92agu*",
            "*ca%C5%BFe*",
            "*%E2%84%AA*",
            // What IDNA maps, it maps in a domain alone, and no star comes of it.
            "%EF%BC%8A",
            "ragu%EF%BC%8A@northwind.example",
            "%EF%BD%92agu.iyer@northwind.example",
            "ragu.iyer@n%D0%BErthwind.example",
            "ragu.iyer@northwind.example.",
            "ragu.iyer@northwind.example%20",
            "%09ragu.iyer@northwind.example",
            "ragu.iyer%2540northwind.example",
            "ragu.iyer@@northwind.example",
            "'",
            "''*",
            "%22",
            "%5C",
            "_",
            "%25_%25",
            "%25@northwind.example",
            "____.____@northwind.example",
            "%5C%25",
            "%5B!a%5D*",
            "ragu.iyer@northwind.example;--",
            "ragu*%27%20OR%20%27a%27=%27a",
            "ragu%EF%BC%85",
            "x*ragu*",
            "%2e",
            "otto*",
        ] {
            assert_eq!(emails(&herald, pattern).await, Vec::<String>::new(), "{pattern}");
        }
    })
    .await;
}

#[tokio::test]
async fn case_14_hostile_lengths() {
    on_both(async |herald| {
        assert_eq!(emails(&herald, "*a*a*a*a*a*a*a*a*b").await, Vec::<String>::new());
        assert_eq!(emails(&herald, &"*".repeat(320)).await.len(), 5);
        assert_eq!(emails(&herald, &"*a".repeat(160)).await, Vec::<String>::new());
        let invalid = (400, "pattern is invalid".to_owned());
        let long = "*".repeat(321);
        let longer = ["a", "*", "%25", "_", "%5C", "'", "%22"].map(|part| part.repeat(10_000));
        let sets = "%5Ba-z%5D".repeat(2_000);
        let wide = "%C3%BC".repeat(161);
        for pattern in
            longer.iter().map(String::as_str).chain([&*sets, &*long, &*wide, "%ff", "%C3", "ragu%80*"])
        {
            assert_eq!(said(&ask(&herald, pattern, mira()).await), invalid, "{pattern}");
            assert_eq!(said(&ask(&herald, pattern, gus()).await), (403, "permission denied".into()));
        }
    })
    .await;
}

/// An address is one in all its spellings, here as everywhere.
#[tokio::test]
async fn an_address_in_another_spelling() {
    const EVA: &str = r#"
[[user]]
email = "Éva@bücher.example"
password = "the books of the whole year"
[[user.membership]]
tenant = "northwind"
roles = ["guest"]
"#;
    on_both(async |herald| {
        herald.apply(EVA).await;
        let stored = "\u{c9}va@xn--bcher-kva.example";
        for pattern in [
            "%C3%89va@b%C3%BCcher.example",
            "%C3%89VA@B%C3%9CCHER.EXAMPLE",
            "E%CC%81va@bu%CC%88cher.example",
            "%C3%89va@xn--bcher-kva.example",
            "%C3%89va@XN--BCHER-KVA.example",
            "%C3%89va%40b%C3%BCcher.example",
            "%C3%89va@*",
        ] {
            assert_eq!(emails(&herald, pattern).await, [stored], "{pattern}");
        }
        // Of the local part only ASCII is folded, and a part of an address is held against it as it stands.
        for pattern in ["%C3%A9va@b%C3%BCcher.example", "*@b%C3%BCcher.example", "Eva@b%C3%BCcher.example"] {
            assert_eq!(emails(&herald, pattern).await, Vec::<String>::new(), "{pattern}");
        }
    })
    .await;
}

#[tokio::test]
async fn case_15_a_plus_is_a_plus() {
    on_both(async |herald| {
    herald
        .apply("[[user]]\nemail = \"a+b@x.example\"\npassword = \"plus is not a blank\"\n[[user.membership]]\ntenant = \"northwind\"\nroles = [\"guest\"]\n")
        .await;
    for pattern in ["a+b@x.example", "a%2Bb@x.example", "a+*", "A%2b*"] {
        assert_eq!(emails(&herald, pattern).await, ["a+b@x.example"], "{pattern}");
    }
    assert_eq!(emails(&herald, "a%20b@x.example").await, Vec::<String>::new());
    for (path, status) in
        [("a+b@x.example", 200), ("A%2Bb@X.example", 200), ("a%20b@x.example", 404), ("a+b@x.examplE", 200)]
    {
        let path = format!("/api/users/{path}");
        let answer = super::call(&herald, "PUT", &path, mira(), r#"{"role":"developer"}"#).await;
        assert_eq!(answer.status, status, "{path}");
    }
    })
    .await;
}

#[tokio::test]
async fn case_16_who_may() {
    let herald = Herald::demo().await;
    assert_eq!(said(&ask(&herald, "*", gus()).await), (403, "permission denied".into()));
    for who in [demo::NOOR, demo::TOVA] {
        let token = herald.at.sign_in(who).await.token;
        assert_eq!(ask(&herald, "*", &token).await.json().as_array().unwrap().len(), 5, "{who}");
    }
    let his = ask(&herald, "*", otto()).await;
    assert!(!String::from_utf8_lossy(&his.body).contains("ragu"));
    assert_eq!(ask(&herald, "ragu*", otto()).await.json(), json!([]));
    for path in ["/api/users/", "/api/users", "/api/users/a/b", "/api/users/*/"] {
        assert_eq!(herald.send(get(path, mira())).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_thousand_at_most() {
    let herald = Herald::demo().await;
    let tenant = herald.at.engine().uuid(herald.at.tenant_id(demo::NORTHWIND).await.uuid());
    let many = format!(
        "WITH RECURSIVE n(i) AS (SELECT 10001 UNION ALL SELECT i + 1 FROM n WHERE i < 13000) \
         INSERT INTO users (id, number, email, kind, verified, active, locked, is_operator, super_user, invisible, \
         mfa_bypass, metadata, vendor_metadata, provider, origin, created_at, updated_at) \
         SELECT randomblob(16), 1000000 + i, 'p' || i || '@x.example', 'USER', TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, \
         FALSE, '{{}}', '{{}}', 'local', '', 0, 0 FROM n; \
         INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
         SELECT id, {tenant}, email, TRUE, '', 0 FROM users WHERE email LIKE 'p%@x.example'"
    );
    herald.at.sql(&many).await;
    for (pattern, first, last) in [
        ("p*", "p10001@x.example", "p11000@x.example"),
        ("*@x.example", "p10001@x.example", "p11000@x.example"),
        ("p1*5@x.example", "p10005@x.example", ""),
    ] {
        let answer = ask(&herald, pattern, mira()).await;
        let rows: Vec<Value> = answer.json().as_array().unwrap().clone();
        assert_eq!(rows[0]["email"], first, "{pattern}");
        let truncated = answer.headers.get("x-herald-truncated");
        if last.is_empty() {
            assert_eq!((rows.len(), truncated), (300, None));
        } else {
            assert_eq!((rows.len(), &rows[999]["email"]), (1000, &json!(last)));
            assert_eq!(truncated.unwrap(), "true");
        }
        assert_eq!(rows[0]["role"], "no_access", "a member without any role");
    }
    assert_eq!(emails(&herald, "*p12999@*").await, ["p12999@x.example"], "far down the walk");
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    insta::assert_json_snapshot!("birch_all", ask(&herald, "*", other::ADA_IN_BIRCH).await.json());
    insta::assert_json_snapshot!("alder_all", ask(&herald, "*", other::BO).await.json());
    assert_eq!(said(&ask(&herald, "*", other::DI).await), (403, "permission denied".into()));
    assert_eq!(said(&ask(&herald, "*", other::OF_ALDER).await).0, 403);
}
