//! Tokens of a file: whose they are, and what they are presented by.

use testkit::{Engine, on_both_engines};

use crate::{SMALL, apply, empty, one, plan, refusal};

on_both_engines!(
    one_address_later_an_owner_is_still_the_member,
    an_id_that_is_new_is_nobodys_membership,
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
