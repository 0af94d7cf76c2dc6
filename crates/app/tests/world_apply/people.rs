//! What people have changed since stays, unless the file names it; and what they made stays theirs.

use testkit::{Engine, on_both_engines};

use herald_app::world::How;

use crate::{SMALL, apply, dump, empty, one, plan, rows, told_as};

on_both_engines!(
    their_changes_stay,
    a_password_is_initial,
    an_initial_password_may_come_later,
    their_rows_keep_their_origin,
    their_tokens_are_not_met_by_name,
    a_number_is_given_once,
);

async fn their_changes_stay(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let changed = "UPDATE users SET locked = TRUE, active = FALSE, phone = '5', updated_by = 'ada@acme.example' \
        WHERE email = 'bo@acme.example'";
    here.sql(changed).await;
    here.sql("UPDATE memberships SET active = FALSE").await;
    assert_eq!(plan(&here, SMALL).await, "= 7 unchanged");
    let named = SMALL.replace("name = \"Bo\"", "name = \"Bo\"\nlocked = false");
    assert_eq!(plan(&here, &named).await, "~ user bo@acme.example: locked true → false\n= 6 unchanged");
    let bo = "SELECT phone FROM users WHERE email = 'bo@acme.example' AND NOT active AND NOT locked";
    assert_eq!(one(&here, bo).await, "5");
}

async fn a_password_is_initial(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let hash = "SELECT password_hash FROM users WHERE email = 'ada@acme.example'";
    let first = one(&here, hash).await;
    assert!(first.starts_with("$argon2id$"), "{first}");
    assert_eq!(
        plan(&here, &SMALL.replace("correct horse battery", "another one altogether")).await,
        "= 7 unchanged"
    );
    assert_eq!(one(&here, hash).await, first);
    let given = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    let hashed =
        SMALL.replace("password = \"correct horse battery\"", &format!("password_hash = \"{given}\""));
    assert_eq!(plan(&here, &hashed).await, "= 7 unchanged");
    assert_eq!(one(&here, hash).await, first);
}

async fn an_initial_password_may_come_later(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let text = "[[user]]\nemail = 'root@acme.example'\npassword = 'lamp at the end of the pier'\n";
    assert_eq!(plan(&here, text).await, "~ user root@acme.example: password set\n= 0 unchanged");
    here.try_sign_in("root@acme.example", "lamp at the end of the pier").await.unwrap();
}

async fn their_rows_keep_their_origin(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    here.sql("UPDATE users SET origin = '' WHERE email = 'bo@acme.example'").await;
    apply(&here, &SMALL.replace("name = \"Bo\"", "name = \"Bob\"")).await;
    let origins = "SELECT email, name, origin FROM users ORDER BY email";
    assert_eq!(
        rows(&here, origins).await,
        ["ada@acme.example|-|world", "bo@acme.example|Bob|", "root@acme.example|-|world"]
    );
}

async fn their_tokens_are_not_met_by_name(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let text = "[[token]]\ntenant = 'acme'\nowner = 'bo@acme.example'\nname = 'ci'\nsecret = 'a-secret-of-sixteen'\n";
    apply(&here, text).await;
    here.sql("UPDATE tokens SET origin = '', digest = NULL").await;
    assert_eq!(plan(&here, text).await, "+ token ci of bo@acme.example in acme\n= 0 unchanged");
    here.sql("UPDATE tokens SET revoked_at = 1 WHERE origin = 'world'").await;
    assert_eq!(plan(&here, text).await, "= 1 unchanged");
    assert!(here.prove("a-secret-of-sixteen").await.is_err(), "what was revoked stays revoked");
    // A key that leaked, was revoked, and is to be had anew: not under the old name, where it would open nothing.
    let anew = text.replace("sixteen", "seventeen");
    let before = dump(&here).await;
    let told = told_as(&here, &anew, How::default()).await;
    assert!(told.contains("the token was revoked since"), "{told}");
    assert_eq!(dump(&here).await, before);
    apply(&here, &anew.replace("'ci'", "'ci 2'")).await;
    assert!(here.prove("a-secret-of-seventeen").await.is_ok());
}

/// This node holds a block of numbers; files take some of it, in this apply and in one before.
async fn a_number_is_given_once(engine: Engine) {
    let here = empty(engine).await;
    let user = |name: &str, number: &str| format!("[[user]]\nemail = '{name}@a.example'\n{number}\n");
    apply(&here, &user("first", "")).await;
    apply(&here, &[user("two", "number = 2"), user("four", "number = 4")].concat()).await;
    let more = [user("x", ""), user("five", "number = 5"), user("y", ""), user("z", "")].concat();
    apply(&here, &more).await;
    assert_eq!(
        rows(&here, "SELECT number, email FROM users ORDER BY number").await,
        [
            "1|first@a.example",
            "2|two@a.example",
            "3|x@a.example",
            "4|four@a.example",
            "5|five@a.example",
            "6|y@a.example",
            "7|z@a.example"
        ]
    );
}
