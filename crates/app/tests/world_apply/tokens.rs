//! Tokens of a file: whose they are, and what they are presented by.

use domain::client::Scopes;
use herald_app::sessions::sign_in::Through;
use herald_app::tokens::mint;
use herald_app::world::Secrets;
use secrecy::ExposeSecret;
use testkit::{Engine, Installation, command, demo, on_both_engines};

use crate::{SMALL, apply, dump, empty, exported, one, plan, refusal};

on_both_engines!(
    one_address_later_an_owner_is_still_the_member,
    an_id_that_is_new_is_nobodys_membership,
    a_new_token_has_a_secret,
    a_bound_token_stays_bound,
    what_people_bound_is_bound_in_another_store,
);

const ID: &str = "id = '0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01'";

/// The file renames a user by id, and the membership stands in the store alone.
async fn one_address_later_an_owner_is_still_the_member(engine: Engine) {
    let here = empty(engine).await;
    let user = |email: &str| format!("[[user]]\nemail = '{email}'\n{ID}\n");
    let token = |owner: &str, name: &str| {
        format!(
            "[[token]]\nowner = '{owner}'\ntenant = 'acme'\nname = '{name}'\nsecret = 'a-secret-of-sixteen-{name}'\n"
        )
    };
    let tenant = "[[tenant]]\nkey = 'acme'\nname = 'A'\n[[tenant]]\nkey = 'beta'\nname = 'B'\n";
    let member = "[[user.membership]]\ntenant = 'acme'\nroles = ['guest']\n";
    apply(&here, &[tenant, &user("old@a.example"), member, &token("old@a.example", "first")].concat()).await;
    let text =
        [user("new@a.example"), token("new@a.example", "first"), token("new@a.example", "second")].concat();
    assert_eq!(
        plan(&here, &text).await,
        "~ user new@a.example: email old@a.example → new@a.example\n+ token second of new@a.example in acme\n\
         = 1 unchanged"
    );
    assert_eq!(plan(&here, &text).await, "= 3 unchanged");
    here.prove("a-secret-of-sixteen-second").await.unwrap();
    assert_eq!(one(&here, "SELECT COUNT(*) FROM tokens").await, "2");
    let elsewhere = [user("third@a.example"), token("third@a.example", "x").replace("acme", "beta")].concat();
    assert_eq!(
        refusal(&here, &elsewhere).await,
        "line 5: token[0].owner: third@a.example is no member of tenant \"beta\"; give the user a [[user.membership]] there"
    );
}

/// Whoever has the address in the store is somebody else than the user of the file.
async fn an_id_that_is_new_is_nobodys_membership(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let text = format!(
        "[[user]]\nemail = 'bo@acme.example'\n{ID}\n\
         [[token]]\nowner = 'bo@acme.example'\ntenant = 'acme'\nsecret = 'a-secret-of-sixteen'\n"
    );
    let told = refusal(&here, &text).await;
    assert!(told.contains("token[0].owner: bo@acme.example is no member of tenant \"acme\""), "{told}");
}

/// Nobody could present it.
async fn a_new_token_has_a_secret(engine: Engine) {
    let here = empty(engine).await;
    let id = "id = '91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01'";
    let token = |rest: &str| format!("[[token]]\ntenant = 'acme'\n{rest}\n");
    let owned = "owner = 'bo@acme.example'\nname = 'ci'";
    let secret = |letter: &str| format!("\nsecret = '{}'", letter.repeat(16));
    let three = |secrets: [&str; 3]| {
        [
            format!("{id}{}", secrets[0]),
            format!("{owned}{}", secrets[1]),
            format!("name = 'own'{}", secrets[2]),
        ]
        .map(|rest| token(&rest))
        .concat()
    };
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    let missing = "is missing, and a new token needs it; give a secret or secret_digest";
    assert_eq!(
        refusal(&here, &three(["", "", ""])).await,
        format!(
            "line 1: token[0].secret: {missing}\nline 4: token[1].secret: {missing}\nline 8: token[2].secret: {missing}"
        )
    );
    assert_eq!(dump(&here).await, before);
    apply(&here, &three([&secret("a"), &secret("b"), &secret("c")])).await;
    assert_eq!(plan(&here, &three(["", "", ""])).await, "= 3 unchanged");
    let longer = three(["\nexpires_at = 2031-01-01T00:00:00Z", "", ""]);
    assert_eq!(
        plan(&here, &longer).await,
        "~ token without a name in acme: expires_at none → 2031-01-01T00:00:00Z\n= 2 unchanged"
    );
    here.prove(&"a".repeat(16)).await.unwrap();
}

/// Names of the scopes that bind a credential; `None`: none does.
async fn scopes(here: &Installation, secret: &str) -> Option<String> {
    here.prove(secret).await.unwrap().principal.authority.scopes.as_ref().map(Scopes::to_string)
}

async fn a_bound_token_stays_bound(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let token = |rest: &str| {
        format!("[[token]]\ntenant = 'acme'\nname = 'ci'\n{rest}\nsecret = 'a-secret-of-sixteen'\n")
    };
    apply(&here, &token("scopes = ['write']")).await;
    assert_eq!(scopes(&here, "a-secret-of-sixteen").await.as_deref(), Some("write"));
    assert_eq!(plan(&here, &token("")).await, "= 1 unchanged", "who does not name it leaves it");
    assert_eq!(
        plan(&here, &token("scopes = ['write', 'read', 'write']")).await,
        "~ token ci in acme: scopes write → read write\n= 0 unchanged"
    );
    assert_eq!(scopes(&here, "a-secret-of-sixteen").await.as_deref(), Some("read write"), "at once");
    assert_eq!(plan(&here, &token("scopes = ['read', 'write']")).await, "= 1 unchanged");
    assert_eq!(
        refusal(&here, &token("scopes = ['raed']")).await,
        "line 4: token[0].scopes[0]: \"raed\" is none of read, write; did you mean \"read\"?"
    );
}

async fn what_people_bound_is_bound_in_another_store(engine: Engine) {
    let here = Installation::on(engine).await;
    let through = Through::Oauth { client: here.client(demo::CLIENT).await, scope: Scopes::parse("write") };
    let bound = here.try_command(command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
    let caller = here.caller(&bound.token).await;
    let asked = |name: &str, revealable| mint::Command {
        name: name.to_owned(),
        role: None,
        lives: None,
        utility: None,
        revealable: Some(revealable),
    };
    let first = mint::run(&here.ctx, &caller, asked("first", false)).await.unwrap();
    let second = mint::run(&here.ctx, &caller, asked("second", true)).await.unwrap();
    let text = exported(&here, Secrets::Sealed).await;
    assert_eq!(text.matches("scopes = [\"write\"]\n").count(), 2, "{text}");
    assert!(plan(&here, &text).await.starts_with("= "), "where it came from it changes nothing");
    let there = empty(engine).await;
    apply(&there, &text).await;
    for key in [&first.key, &second.key] {
        assert_eq!(scopes(&there, key.expose_secret()).await.as_deref(), Some("write"));
    }
    assert_eq!(scopes(&there, demo::key(demo::MIRA)).await, None);
}
