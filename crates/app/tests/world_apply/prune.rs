//! `--prune`: what applies made and the file names no more goes; what people made stays.

use testkit::{Engine, Installation, on_both_engines};

use crate::{PRUNE, SMALL, apply, dump, empty, one, plan, rows, told_as};

const FULL: &str = include_str!("../../src/world/tests/full.toml");

on_both_engines!(
    nothing_goes_without_it,
    every_table_is_emptied_of_what_applies_made,
    a_leaver_loses_everything_at_once,
    what_people_made_in_a_tenant_keeps_it,
    whom_people_let_in_stays,
    a_role_that_somebody_has_stays,
    what_is_referred_to_is_named,
    a_home_that_goes_is_no_home,
    the_default_role_that_goes_leaves_it_to_guest,
    the_last_administrator_and_operator_stay,
    what_much_hangs_on_is_marked_and_swept,
);

async fn nothing_goes_without_it(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    assert_eq!(plan(&here, "").await, "= 0 unchanged");
    assert_eq!(one(&here, "SELECT COUNT(*) FROM users").await, "3");
}

async fn every_table_is_emptied_of_what_applies_made(engine: Engine) {
    let here = empty(engine).await;
    let nothing =
        rows(&here, "SELECT key FROM roles UNION ALL SELECT key FROM permissions ORDER BY key").await;
    // Without its administrator there is nobody whom the tenant could lose.
    apply(&here, FULL).await;
    assert_eq!(
        told_as(&here, "", PRUNE).await,
        "- activity a on d of acme, 2026-01-01T00:00:00Z\n- endpoint GET / of acme/0\n- network of acme\n- client app\n\
         - webhook alerts of ada@acme.example in acme\n- token ci of ada@acme.example in acme\n\
         - token without a name in acme\n- membership ada@acme.example in acme\n- user ada@acme.example\n\
         - user bo@acme.example\n- role desk of acme\n- site hq of acme\n- permission reports:read\n- tenant acme\n\
         = 0 unchanged"
    );
    for table in [
        "activities",
        "endpoints",
        "networks",
        "clients",
        "webhooks",
        "tokens",
        "memberships",
        "users",
        "sites",
        "tenants",
        "membership_roles",
        "membership_sites",
        "token_roles",
    ] {
        assert_eq!(one(&here, &format!("SELECT COUNT(*) FROM {table}")).await, "0", "{table}");
    }
    let left = rows(&here, "SELECT key FROM roles UNION ALL SELECT key FROM permissions ORDER BY key").await;
    assert_eq!(left, nothing);
    let events = "SELECT action FROM audit WHERE action LIKE '%.deleted' ORDER BY action";
    assert_eq!(
        rows(&here, events).await,
        [
            "activity.deleted",
            "client.deleted",
            "endpoint.deleted",
            "membership.deleted",
            "network.deleted",
            "permission.deleted",
            "role.deleted",
            "site.deleted",
            "tenant.deleted",
            "token.deleted",
            "token.deleted",
            "user.deleted",
            "user.deleted",
            "webhook.deleted"
        ]
    );
    let whole = "SELECT reason FROM audit WHERE action = 'world.applied' AND reason LIKE '%deleted%'";
    assert_eq!(one(&here, whole).await, "0 made, 0 changed, 14 deleted, 0 unchanged");
    assert_eq!(told_as(&here, "", PRUNE).await, "= 0 unchanged");
}

/// The small world without Bo.
fn without_bo() -> String {
    let (first, rest) = SMALL.split_once("[[user]]\nemail = \"bo@").unwrap();
    format!("{first}[[user]]\n{}", rest.split_once("[[user]]\n").unwrap().1)
}

fn token(keys: &str) -> String {
    format!("[[token]]\ntenant = 'acme'\n{keys}")
}

async fn a_leaver_loses_everything_at_once(engine: Engine) {
    let here = empty(engine).await;
    let bos = token("owner = 'bo@acme.example'\nname = 'ci'\nsecret = 'a-secret-of-sixteen'\n");
    let own = token("name = 'own'\nroles = ['guest']\nsecret = 'the-secret-of-acme'\n");
    apply(&here, &format!("{SMALL}{bos}{own}")).await;
    let session = here.try_sign_in("bo@acme.example", "correct horse battery").await.unwrap();
    // One that Bo minted since.
    apply(&here, &token("owner = 'bo@acme.example'\nname = 'laptop'\nsecret = 'minted-by-bo-himself'\n"))
        .await;
    here.sql("UPDATE tokens SET origin = '' WHERE name = 'laptop'").await;
    here.hear().await;
    let held = [&*session.token, "a-secret-of-sixteen", "minted-by-bo-himself", "the-secret-of-acme"];
    for credential in held {
        here.prove(credential).await.unwrap();
    }
    assert_eq!(
        told_as(&here, &without_bo(), PRUNE).await,
        "- token ci of bo@acme.example in acme\n- token own in acme\n\
         - token laptop of bo@acme.example in acme: made since, and goes with its owner\n\
         - membership bo@acme.example in acme\n- user bo@acme.example\n= 5 unchanged"
    );
    for credential in held {
        assert!(here.prove(credential).await.is_err(), "{credential} is honoured still");
    }
    assert_eq!(one(&here, "SELECT COUNT(*) FROM tokens").await, "0");
    assert_eq!(told_as(&here, &without_bo(), PRUNE).await, "= 5 unchanged");
}

/// Eve, whom an administrator made and let into the tenant.
async fn let_eve_in(here: &Installation) {
    apply(
        here,
        "[[user]]\nemail = 'eve@e.example'\npassword = 'correct horse battery'\n[[user.membership]]\ntenant = 'acme'\nroles = ['admin', 'desk']\n",
    )
    .await;
    here.sql("UPDATE memberships SET origin = '' WHERE user_id = (SELECT id FROM users WHERE email = 'eve@e.example')")
        .await;
    here.sql("UPDATE users SET origin = '' WHERE email = 'eve@e.example'").await;
}

const ROOT: &str = "[[user]]\nemail = 'root@acme.example'\noperator = true\n";

async fn what_people_made_in_a_tenant_keeps_it(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let_eve_in(&here).await;
    let told = "- membership ada@acme.example in acme\n- membership bo@acme.example in acme\n- user ada@acme.example\n\
         - user bo@acme.example\n! role desk of acme: stays, since eve@e.example has it\n\
         ! tenant acme: stays, since people made in it member eve@e.example\n= 1 unchanged";
    assert_eq!(told_as(&here, ROOT, PRUNE).await, told);
    let left = "SELECT u.email, t.key, r.key FROM membership_roles mr JOIN users u ON u.id = mr.user_id \
        JOIN tenants t ON t.id = mr.tenant_id JOIN roles r ON r.id = mr.role_id ORDER BY r.key";
    assert_eq!(rows(&here, left).await, ["eve@e.example|acme|admin", "eve@e.example|acme|desk"]);
    let before = dump(&here).await;
    assert_eq!(
        told_as(&here, ROOT, PRUNE).await,
        "! role desk of acme: stays, since eve@e.example has it\n\
         ! tenant acme: stays, since people made in it member eve@e.example\n= 1 unchanged"
    );
    assert_eq!(dump(&here).await, before, "what stays is not written");
}

async fn whom_people_let_in_stays(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, &format!("{SMALL}\n[[tenant]]\nkey = 'beta'\nname = 'B'\n")).await;
    // An administrator of beta invited Bo.
    apply(
        &here,
        "[[user]]\nemail = 'bo@acme.example'\n[[user.membership]]\ntenant = 'beta'\nroles = ['guest']\n",
    )
    .await;
    here.sql(
        "UPDATE memberships SET origin = '' WHERE tenant_id = (SELECT id FROM tenants WHERE key = 'beta')",
    )
    .await;
    assert_eq!(
        told_as(&here, &without_bo(), PRUNE).await,
        "- membership bo@acme.example in acme\n! user bo@acme.example: stays, since people let it into beta\n\
         ! tenant beta: stays, since people made in it member bo@acme.example\n= 5 unchanged"
    );
    assert_eq!(one(&here, "SELECT COUNT(*) FROM users WHERE email = 'bo@acme.example'").await, "1");
}

async fn a_role_that_somebody_has_stays(engine: Engine) {
    let here = empty(engine).await;
    let text = format!(
        "{SMALL}[[permission]]\nkey = 'a:b'\n[[permission]]\nkey = 'c:d'\n[[role]]\nkey = 'night'\ntenant = 'acme'\n\
         permissions = ['a:b']\n[[role]]\nkey = 'day'\ntenant = 'acme'\nassigns = ['night']\n\
         [[role]]\nkey = 'cap'\ntenant = 'acme'\n[[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n"
    )
    .replace("[[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n", "")
    .replace("name = \"Acme\"\n", "name = \"Acme\"\n[[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n");
    apply(&here, &text).await;
    apply(
        &here,
        "[[user]]\nemail = 'eve@e.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['day']\nsites = ['hq']\n\
         [[token]]\nowner = 'eve@e.example'\ntenant = 'acme'\nname = 'k'\nrole = 'cap'\nsecret = 'a-secret-of-sixteen'\n",
    )
    .await;
    for table in ["memberships", "users", "tokens"] {
        let column = if table == "users" {
            "id"
        } else if table == "tokens" {
            "owner_id"
        } else {
            "user_id"
        };
        here.sql(&format!(
            "UPDATE {table} SET origin = '' WHERE {column} = (SELECT id FROM users WHERE email = 'eve@e.example')"
        ))
        .await;
    }
    assert_eq!(
        told_as(&here, SMALL, PRUNE).await,
        "- permission c:d\n! role cap of acme: stays, since token \"k\" has it\n\
         ! role day of acme: stays, since eve@e.example has it\n\
         ! role night of acme: stays, since role day assigns it\n\
         ! site hq of acme: stays, since it is a site of eve@e.example\n\
         ! permission a:b: stays, since role night names it\n= 7 unchanged"
    );
    // When the file takes the role from her, it can go.
    let text = format!(
        "{SMALL}[[user]]\nemail = 'eve@e.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['guest']\nsites = []\n\
         [[token]]\nid = '{}'\nowner = 'eve@e.example'\ntenant = 'acme'\nrole = 'guest'\n",
        one(&here, "SELECT id FROM tokens").await
    );
    let told = told_as(&here, &text, PRUNE).await;
    assert!(told.contains("- role cap of acme\n- role day of acme\n- role night of acme\n- site hq of acme\n- permission a:b\n= "), "{told}");
}

async fn what_is_referred_to_is_named(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let text = "[[user]]\nemail = 'ada@acme.example'\n[[user.membership]]\ntenant = 'acme'\nroles = ['admin', 'desk']\n\
        [[user]]\nemail = 'root@acme.example'\n";
    assert_eq!(
        told_as(&here, text, PRUNE).await,
        "~ membership ada@acme.example in acme: roles admin → admin, desk\n- membership bo@acme.example in acme\n\
         - user bo@acme.example\n= 2 unchanged"
    );
    assert_eq!(one(&here, "SELECT COUNT(*) FROM roles WHERE key = 'desk'").await, "1");
}

async fn a_home_that_goes_is_no_home(engine: Engine) {
    let here = empty(engine).await;
    let beta = "[[tenant]]\nkey = 'beta'\nname = 'B'\n[[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n";
    let home = "default_tenant = 'beta'\ndefault_site = 'hq'\n";
    let cy = "[[user]]\nemail = 'cy@c.example'\n";
    let dee = "[[user]]\nemail = 'dee@c.example'\n";
    apply(&here, &format!("{SMALL}{beta}{cy}{home}{dee}{home}")).await;
    assert_eq!(
        told_as(&here, &format!("{SMALL}{cy}{dee}name = 'Dee'\n"), PRUNE).await,
        "~ user dee@c.example: name none → Dee; default_tenant beta → none; default_site hq → none\n\
         ~ user cy@c.example: default_tenant beta → none; default_site hq → none\n- site hq of beta\n- tenant beta\n\
         = 7 unchanged"
    );
    assert_eq!(one(&here, "SELECT COUNT(*) FROM users WHERE default_tenant_id IS NOT NULL").await, "0");
}

async fn the_default_role_that_goes_leaves_it_to_guest(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, "[[role]]\nkey = 'desk'\ndefault = true\n").await;
    assert_eq!(
        told_as(&here, "", PRUNE).await,
        "- role desk\n~ role guest: default false → true\n= 0 unchanged"
    );
    assert_eq!(one(&here, "SELECT key FROM roles WHERE is_default").await, "guest");
}

async fn the_last_administrator_and_operator_stay(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    let acme = "[[tenant]]\nkey = 'acme'\nname = 'Acme'\n";
    assert_eq!(
        told_as(&here, acme, PRUNE).await,
        "refused, and nothing was written: tenant \"acme\" would lose its last administrator; the installation would \
         lose its last operator; leave each of them one"
    );
    assert_eq!(
        dump(&here).await.iter().filter(|row| !row.starts_with("counters")).count(),
        before.iter().filter(|row| !row.starts_with("counters")).count()
    );
    // A tenant that goes as a whole needs nobody.
    assert_eq!(
        told_as(&here, ROOT, PRUNE).await,
        "- membership ada@acme.example in acme\n- membership bo@acme.example in acme\n- user ada@acme.example\n\
         - user bo@acme.example\n- role desk of acme\n- tenant acme\n= 1 unchanged"
    );
}

/// Tokens of a program in the tenant: nobody plans for those, and there may be any number of them.
async fn busy(here: &Installation, rows: u32) {
    let id = match here.engine() {
        Engine::Sqlite => "CAST(printf('%016d', i) AS BLOB)",
        Engine::Postgres => "CAST('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS UUID)",
    };
    here.sql(&format!(
        "INSERT INTO access_tokens (id, kind, tenant_id, client_id, scope, created_at, expires_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
         SELECT {id}, 'oauth', t.id, c.id, '', 1, 4000000000000000 FROM n, tenants t, clients c \
         WHERE t.key = 'acme' AND c.client_id = 'app'"
    ))
    .await;
}

async fn what_much_hangs_on_is_marked_and_swept(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, FULL).await;
    busy(&here, 600).await;
    assert!(told_as(&here, "", PRUNE).await.ends_with("- tenant acme\n= 0 unchanged"));
    let left = "SELECT (SELECT COUNT(*) FROM tenants) + (SELECT COUNT(*) FROM clients)";
    assert_eq!(one(&here, left).await, "2", "the rows wait");
    assert_eq!(one(&here, "SELECT COUNT(*) FROM access_tokens").await, "600");
    assert_eq!(told_as(&here, "", PRUNE).await, "= 0 unchanged", "gone");
    // Whatever the file has in acme is new, and its numbers are free.
    // The id alone is not: what is swept still refers to it.
    let again = FULL.replace("id = \"3B0D2A51-7C1E-4B9A-9D57-0A3C6F2F1E01\"\n", "");
    assert!(plan(&here, &again).await.ends_with("= 0 unchanged"));
    apply(&here, &again).await;
    assert_eq!(one(&here, "SELECT COUNT(*) FROM tenants WHERE key = 'acme'").await, "1");
    herald_app::sweep::run(&here.ctx).await.unwrap();
    assert_eq!(one(&here, left).await, "2", "the new ones");
    assert_eq!(one(&here, "SELECT COUNT(*) FROM access_tokens").await, "0");
}
