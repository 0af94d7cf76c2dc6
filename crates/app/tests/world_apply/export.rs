//! The store as a world file, and what an apply makes of it.

use herald_app::world::Secrets;
use testkit::{Engine, Installation, on_both_engines};

use crate::{PRUNE, SMALL, apply, dump, empty, exported, one, plan, refusal, rows, told_as, world_rows};

const FULL: &str = include_str!("../../src/world/tests/full.toml");

on_both_engines!(
    a_store_comes_back_from_its_export,
    the_text_is_plain_and_always_the_same,
    without_secrets_there_are_none,
    what_is_sealed_opens_for_its_id_alone,
    what_a_world_cannot_say_is_left_out,
    what_people_made_is_in_it,
    the_same_store_knows_its_own_export,
    a_long_store_is_written_page_by_page,
    activities_of_any_size_come_back,
);

/// The same world in another store under the same master key.
async fn another(engine: Engine, text: &str) -> Installation {
    let there = empty(engine).await;
    apply(&there, text).await;
    there
}

async fn a_store_comes_back_from_its_export(engine: Engine) {
    for text in [herald_app::world::DEMO, FULL, SMALL] {
        let here = empty(engine).await;
        apply(&here, text).await;
        let first = exported(&here, Secrets::Sealed).await;
        let there = another(engine, &first).await;
        assert_eq!(exported(&there, Secrets::Sealed).await, first);
        assert_eq!(world_rows(&there).await, world_rows(&here).await);
        let before = dump(&there).await;
        assert!(plan(&there, &first).await.starts_with("= "), "a second apply does nothing");
        assert_eq!(dump(&there).await, before);
    }
    let here = empty(engine).await;
    apply(&here, herald_app::world::DEMO).await;
    let there = another(engine, &exported(&here, Secrets::Sealed).await).await;
    for email in [testkit::demo::MIRA, testkit::demo::TOVA] {
        drop(there.sign_in(email).await);
    }
}

async fn the_text_is_plain_and_always_the_same(engine: Engine) {
    let here = empty(engine).await;
    assert_eq!(exported(&here, Secrets::Sealed).await, "", "of an empty store");
    apply(
        &here,
        "[[tenant]]\nkey = 'b'\nname = \"B \\\"\\\\ \u{1F980}\"\nid = '3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01'\nnumber = 7\n\
         metadata = '{\"a\":null}'\nquotas = { users = 5 }\n[[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n\
         id = '91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01'\n\
         [[tenant]]\nkey = 'a'\nname = 'A'\nid = '3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e02'\nnumber = 8\n\
         [[role]]\nkey = 'desk'\ntenant = 'a'\nassigns = []\n\
         [[user]]\nemail = 'A@B.example'\nid = '0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01'\nnumber = 3\nlocked = true\n\
         [[user.membership]]\ntenant = 'b'\nroles = ['guest', 'admin']\nsites = ['hq']\n\
         [[user.membership]]\ntenant = 'a'\nroles = ['desk']\nactive = false\nexpires_at = 2020-01-01T00:00:00.5Z\n",
    )
    .await;
    let text = r#"[[role]]
key = "desk"
tenant = "a"
assigns = []

[[tenant]]
key = "a"
name = "A"
id = "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e02"
number = 8

[[tenant]]
key = "b"
name = "B \"\\ 🦀"
id = "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01"
number = 7
quotas = { "users" = 5 }
metadata = "{\"a\":null}"
[[tenant.site]]
key = "hq"
name = "HQ"
id = "91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01"

[[user]]
email = "a@b.example"
id = "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01"
number = 3
locked = true
[[user.membership]]
tenant = "a"
roles = ["desk"]
active = false
expires_at = 2020-01-01T00:00:00.5Z
[[user.membership]]
tenant = "b"
roles = ["admin", "guest"]
sites = ["hq"]
"#;
    assert_eq!(exported(&here, Secrets::Sealed).await, text);
    assert_eq!(exported(&here, Secrets::Sealed).await, exported(&here, Secrets::Sealed).await);
}

async fn without_secrets_there_are_none(engine: Engine) {
    let here = empty(engine).await;
    let public = "[[client]]\nid = 'public'\ngrants = ['authorization_code']\n";
    apply(&here, &format!("{FULL}\n{public}")).await;
    let text = exported(&here, Secrets::None).await;
    for word in ["password_hash", "secret", "sealed:", "[[token]]", "[[webhook]]", "$argon2", "\"app\""] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("id = \"public\""));
    let there = another(engine, &text).await;
    assert_eq!(one(&there, "SELECT COUNT(*) FROM users WHERE password_hash IS NULL").await, "2");
    assert_eq!(exported(&there, Secrets::None).await, text);
}

async fn what_is_sealed_opens_for_its_id_alone(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, FULL).await;
    let text = exported(&here, Secrets::Sealed).await;
    let id = "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c02";
    assert_eq!(text.matches("sealed:").count(), 2);
    let there = empty(engine).await;
    let moved = text.replace(id, "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c03");
    assert!(refusal(&there, &moved).await.contains("secret is damaged, or was sealed for another id"));
    let (head, tail) = text.split_once("totp_secret = \"sealed:").unwrap();
    let bent = |at: usize| {
        let new = if tail.as_bytes()[at] == b'B' { "C" } else { "B" };
        format!("{head}totp_secret = \"sealed:{}{new}{}", &tail[..at], &tail[at + 1..])
    };
    for (at, told) in [
        (0, "totp_secret is damaged"),
        (4, "totp_secret was sealed under another master key"),
        (30, "totp_secret is damaged"),
    ] {
        let refused = refusal(&there, &bent(at)).await;
        assert!(refused.contains(told), "{at}: {refused}");
    }
    let clear = "[[user]]\nemail = 'x@x.example'\ntotp_secret = 'sealed:AQ'\n";
    assert_eq!(
        refusal(&there, clear).await,
        "line 3: user[0].totp_secret: is sealed for one id; name that id in the same row"
    );
    let doubled =
        format!("{text}\n[[token]]\ntenant = 'acme'\nname = 'again'\nsecret = '0123456789abcdef'\n");
    let told = refusal(&there, &doubled).await;
    assert!(
        told.contains("secret is that of the token on line") && told.contains("every token has its own"),
        "{told}"
    );
    apply(&there, &text).await;
    there.prove("0123456789abcdef").await.unwrap();
}

/// Tokens that are revoked, signed, or whose owner is a member no more; what names a deleted row.
async fn what_a_world_cannot_say_is_left_out(engine: Engine) {
    let here = empty(engine).await;
    let token = |name: &str| {
        format!(
            "[[token]]\ntenant = 'acme'\nowner = 'bo@acme.example'\nname = '{name}'\nsecret = 'a-secret-of-{name}-it'\n"
        )
    };
    let role = "[[permission]]\nkey = 'a:b'\n[[role]]\nkey = 'r'\npermissions = ['a:b', 'x:*']\nassigns = ['q', 'guest']\n\
        [[role]]\nkey = 'q'\n";
    apply(&here, &format!("{SMALL}{role}{}{}{}", token("one"), token("two"), token("six"))).await;
    here.sql("UPDATE tokens SET revoked_at = 1 WHERE name = 'one'").await;
    here.sql("UPDATE tokens SET kind = 'signed', digest = NULL WHERE name = 'two'").await;
    here.sql("DELETE FROM permissions WHERE key = 'a:b'").await;
    here.sql("DELETE FROM roles WHERE key = 'q'").await;
    let text = exported(&here, Secrets::Sealed).await;
    assert_eq!(text.matches("[[token]]").count(), 1);
    assert!(text.contains("permissions = [\"x:*\"]\nassigns = [\"guest\"]\n"), "{text}");
    let there = another(engine, &text).await;
    assert_eq!(exported(&there, Secrets::Sealed).await, text);
    here.sql(
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = 'bo@acme.example')",
    )
    .await;
    assert!(!exported(&here, Secrets::Sealed).await.contains("[[token]]"));
}

/// As many tokens as can be reported, and moments at both ends.
async fn activities_of_any_size_come_back(engine: Engine) {
    let did = |device: &str, rest: &str| {
        format!("[[activity]]\ntenant = 'acme'\nagent = 'a'\ndevice = '{device}'\nuser = 'u'\n{rest}\n")
    };
    let most =
        "input_tokens = 9223372036854775807\noutput_tokens = 9007199254740992\nat = 0001-01-01T00:00:00Z";
    let least = "input_tokens = 0\nat = 9999-12-31T23:59:59.999999Z";
    let here = empty(engine).await;
    apply(&here, &format!("{SMALL}{}{}", did("d", most), did("e", least))).await;
    let text = exported(&here, Secrets::Sealed).await;
    let there = another(engine, &text).await;
    assert_eq!(world_rows(&there).await, world_rows(&here).await);
    for beyond in ["input_tokens = 9223372036854775808", "output_tokens = -1"] {
        let told = refusal(&here, &format!("{SMALL}{}", did("f", beyond))).await;
        assert!(told.contains("it may be 0 to 9223372036854775807"), "{told}");
    }
}

async fn what_people_made_is_in_it(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, FULL).await;
    let text = exported(&here, Secrets::Sealed).await;
    for table in [
        "permissions",
        "tenants",
        "sites",
        "users",
        "memberships",
        "clients",
        "tokens",
        "webhooks",
        "networks",
        "endpoints",
        "activities",
    ] {
        here.sql(&format!("UPDATE {table} SET origin = '' WHERE origin = 'world'")).await;
    }
    assert_eq!(exported(&here, Secrets::Sealed).await, text);
    assert!(plan(&here, &text).await.starts_with("= "));
    // And is theirs still: of the world there is the role alone, and somebody has it.
    let before = dump(&here).await;
    let told = told_as(&here, "", PRUNE).await;
    assert!(told.starts_with("! role desk of acme: stays, since "), "{told}");
    assert_eq!(dump(&here).await, before);
}

async fn the_same_store_knows_its_own_export(engine: Engine) {
    let here = empty(engine).await;
    // An activity without a moment gets one, which the export names.
    let text =
        format!("{SMALL}[[activity]]\ntenant = 'acme'\nagent = 'a'\ndevice = 'd'\nuser = 'u'\ntopic = 't'\n");
    apply(&here, &text).await;
    let all = exported(&here, Secrets::Sealed).await;
    let before = dump(&here).await;
    assert!(plan(&here, &all).await.starts_with("= "));
    assert!(told_as(&here, &all, PRUNE).await.starts_with("= "), "it names every row");
    assert_eq!(dump(&here).await, before);
    assert_eq!(rows(&here, "SELECT topic FROM activities").await, ["t"]);
}

async fn a_long_store_is_written_page_by_page(engine: Engine) {
    use std::fmt::Write;
    let mut text = String::from("[[tenant]]\nkey = 'a'\nname = 'A'\n");
    for n in 0..1_203 {
        write!(
            text,
            "[[user]]\nemail = 'u{n}@a.example'\n[[user.membership]]\ntenant = 'a'\nroles = ['guest']\n"
        )
        .unwrap();
        write!(
            text,
            "[[endpoint]]\ntenant = 'a'\ncollection = {}\nmethod = 'GET'\nurl = '/{}'\naccess = []\n",
            n % 7,
            n / 7
        )
        .unwrap();
        write!(text, "[[activity]]\ntenant = 'a'\nagent = 'a'\ndevice = 'd{}'\nuser = 'u{n}'\nat = 2026-01-01T00:00:00Z\n", n % 2).unwrap();
    }
    let here = empty(engine).await;
    apply(&here, &text).await;
    let first = exported(&here, Secrets::Sealed).await;
    let count = |word: &str| first.matches(word).count();
    assert_eq!((count("[[user]]"), count("[[endpoint]]"), count("[[activity]]")), (1_203, 1_203, 1_203));
    let there = another(engine, &first).await;
    assert_eq!(exported(&there, Secrets::Sealed).await, first);
}
