//! What a file changes when it is applied over an earlier one.

use testkit::{Engine, on_both_engines};

use crate::{SMALL, apply, empty, feed_head, one, plan, rows};

on_both_engines!(
    a_changed_row_is_planned_and_written,
    a_key_that_is_not_named_stays,
    the_named_roles_are_the_truth,
    sites_that_are_not_named_stay,
    tokens_change_and_keep_their_copy_true,
    clients_change,
    a_default_role_takes_the_place_of_guest,
    another_seed_is_another_device,
    a_catalogue_permission_stays_as_it_is,
    what_stands_in_the_store_may_be_named,
    a_locked_user_is_signed_out,
    what_is_cached_hears_of_it,
);

async fn a_changed_row_is_planned_and_written(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    here.advance(testkit::hours(1));
    let text =
        SMALL.replace("level = 4", "level = 3").replace("name = \"Bo\"", "name = \"\"\nphone = \"+1 5\"");
    assert_eq!(
        plan(&here, &text).await,
        "~ role desk of acme: level 4 → 3\n~ user bo@acme.example: name Bo → none; phone none → +1 5\n= 5 unchanged"
    );
    assert_eq!(one(&here, "SELECT level FROM roles WHERE key = 'desk'").await, "3");
    assert_eq!(
        one(
            &here,
            "SELECT name, phone, updated_by, updated_at - created_at FROM users WHERE phone IS NOT NULL"
        )
        .await,
        "-|+1 5|system|3600000000"
    );
    let trail = "SELECT action, reason FROM audit WHERE action LIKE '%.changed' ORDER BY action";
    assert_eq!(
        rows(&here, trail).await,
        ["role.changed|world file: level", "user.changed|world file: name, phone"]
    );
}

async fn a_key_that_is_not_named_stays(engine: Engine) {
    let here = empty(engine).await;
    let text = "[[tenant]]\nkey = 'acme'\nname = 'Acme'\nfeatures = ['sso']\nquotas = { users = 5 }\n\
        mfa = { enforce = 'Force', remember_device = true, device_ttl = 60 }\nlockout = { attempts = 3 }\n\
        [[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n";
    apply(&here, text).await;
    assert_eq!(plan(&here, "[[tenant]]\nkey = 'acme'\nname = 'Acme'\n").await, "= 1 unchanged");
    let less = "[[tenant]]\nkey = 'acme'\nname = 'Acme SA'\nmfa = { enforce = 'DontForce' }\n";
    assert_eq!(
        plan(&here, less).await,
        "~ tenant acme: name Acme → Acme SA; mfa_enforce Force → DontForce\n= 0 unchanged"
    );
    assert_eq!(
        one(&here, "SELECT features, quotas, mfa_device_ttl, lockout_attempts FROM tenants").await,
        r#"["sso"]|{"users":5}|60|3"#
    );
}

async fn the_named_roles_are_the_truth(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let text = SMALL.replace(
        "roles = [\"desk\"]",
        "roles = [\"guest\", \"developer\"]\nexpires_at = 2031-01-01T00:00:00Z",
    );
    assert_eq!(
        plan(&here, &text).await,
        "~ membership bo@acme.example in acme: expires_at none → 2031-01-01T00:00:00Z; roles desk → developer, guest\n= 6 unchanged"
    );
    let held = "SELECT r.key FROM membership_roles mr JOIN roles r ON r.id = mr.role_id JOIN users u ON u.id = mr.user_id \
        WHERE u.email = 'bo@acme.example' ORDER BY r.key";
    assert_eq!(rows(&here, held).await, ["developer", "guest"]);
}

async fn sites_that_are_not_named_stay(engine: Engine) {
    let here = empty(engine).await;
    let text = "[[tenant]]\nkey = 'acme'\nname = 'A'\n[[tenant.site]]\nkey = 'hq'\nname = 'HQ'\n[[tenant]]\nkey = 'beta'\n\
        name = 'B'\n[[user]]\nemail = 'a@a.example'\ndefault_tenant = 'acme'\ndefault_site = 'hq'\n[[user.membership]]\n\
        tenant = 'acme'\nroles = ['guest']\nsites = ['hq']\n";
    apply(&here, text).await;
    let unnamed = text.replace("sites = ['hq']\n", "");
    assert_eq!(plan(&here, &unnamed).await, "= 5 unchanged");
    let moved =
        unnamed.replace("default_tenant = 'acme'\ndefault_site = 'hq'\n", "default_tenant = 'beta'\n");
    assert_eq!(
        plan(&here, &moved).await,
        "~ user a@a.example: default_tenant acme → beta; default_site hq → none\n= 4 unchanged"
    );
    let none = moved.replace("roles = ['guest']", "roles = ['guest']\nsites = []");
    assert_eq!(plan(&here, &none).await, "~ membership a@a.example in acme: sites hq → none\n= 4 unchanged");
}

async fn tokens_change_and_keep_their_copy_true(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let token =
        |keys: &str| format!("[[token]]\ntenant = 'acme'\nowner = 'bo@acme.example'\nname = 'ci'\n{keys}");
    apply(&here, &token("utility = 'EXTERNAL_API'\nsecret = 'a-secret-of-sixteen'\n")).await;
    here.prove("a-secret-of-sixteen").await.unwrap();
    assert_eq!(
        plan(&here, &token("expires_at = 2031-01-01T00:00:00Z\nrole = 'guest'\n")).await,
        "~ token ci of bo@acme.example in acme: role none → guest; expires_at none → 2031-01-01T00:00:00Z\n= 0 unchanged"
    );
    let copy = "SELECT sealed IS NOT NULL, COUNT(*) FROM tokens GROUP BY sealed";
    assert_eq!(one(&here, copy).await.replace('t', "1"), "1|1");
    let other = token("secret = 'another-secret-of-it'\n");
    assert_eq!(
        plan(&here, &other).await,
        "~ token ci of bo@acme.example in acme: secret changed; revealable copy changed\n= 0 unchanged"
    );
    assert!(here.prove("a-secret-of-sixteen").await.is_err());
    here.prove("another-secret-of-it").await.unwrap();
    assert_eq!(plan(&here, &other).await, "= 1 unchanged");
    let digest = token(&format!("secret_digest = '{}'\n", "0f".repeat(32)));
    assert_eq!(
        plan(&here, &digest).await,
        "~ token ci of bo@acme.example in acme: secret changed; revealable copy removed\n= 0 unchanged"
    );
    assert_eq!(plan(&here, &digest).await, "= 1 unchanged");
}

async fn clients_change(engine: Engine) {
    let here = empty(engine).await;
    let client = |keys: &str| format!("[[client]]\nid = 'app'\ngrants = ['password']\n{keys}");
    apply(&here, &client("secret = 'swordfish'\n")).await;
    assert_eq!(one(&here, "SELECT secret_bytes FROM clients").await, "9");
    assert_eq!(plan(&here, &client("")).await, "= 1 unchanged");
    let text = client("scopes = ['read']\nsecret = 'sword'\n");
    assert_eq!(plan(&here, &text).await, "~ client app: secret changed; scopes none → read\n= 0 unchanged");
    assert_eq!(one(&here, "SELECT secret_bytes FROM clients").await, "5");
}

async fn a_default_role_takes_the_place_of_guest(engine: Engine) {
    let here = empty(engine).await;
    let role = |default: bool| format!("[[role]]\nkey = 'desk'\ndefault = {default}\n");
    assert_eq!(
        plan(&here, &role(true)).await,
        "+ role desk\n~ role guest: default true → false\n= 0 unchanged"
    );
    assert_eq!(one(&here, "SELECT key FROM roles WHERE is_default").await, "desk");
    assert_eq!(plan(&here, "[[role]]\nkey = 'night'\n").await, "+ role night\n= 0 unchanged");
    assert_eq!(
        plan(&here, &role(false)).await,
        "~ role desk: default true → false\n~ role guest: default false → true\n= 0 unchanged"
    );
    assert_eq!(one(&here, "SELECT key FROM roles WHERE is_default").await, "guest");
}

async fn another_seed_is_another_device(engine: Engine) {
    let here = empty(engine).await;
    let user = |seed: &str| format!("[[user]]\nemail = 'a@a.example'\ntotp_secret = '{seed}'\n");
    apply(&here, &user("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")).await;
    here.sql("UPDATE users SET totp_step = 7").await;
    let device = "SELECT totp_device_id FROM users";
    let first = one(&here, device).await;
    assert_eq!(plan(&here, &user("jbswy3dpehpk3pxpjbswy3dpehpk3pxp")).await, "= 1 unchanged");
    assert_eq!(
        plan(&here, &user("MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK")).await,
        "~ user a@a.example: totp_secret changed\n= 0 unchanged"
    );
    assert_ne!(one(&here, device).await, first);
    assert_eq!(one(&here, "SELECT totp_step FROM users").await, "-");
}

async fn a_catalogue_permission_stays_as_it_is(engine: Engine) {
    let here = empty(engine).await;
    let text = "[[permission]]\nkey = 'users:read'\ndescription = 'Mine'\n";
    assert_eq!(plan(&here, text).await, "= 1 unchanged");
    assert_eq!(
        one(&here, "SELECT description, origin FROM permissions WHERE key = 'users:read'").await,
        "See the members of the tenant|builtin"
    );
}

async fn what_stands_in_the_store_may_be_named(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let text = "[[user]]\nemail = 'cy@acme.example'\ndefault_tenant = 'acme'\n[[user.membership]]\ntenant = 'acme'\n\
        roles = ['desk']\n[[token]]\nowner = 'bo@acme.example'\ntenant = 'acme'\nrole = 'desk'\nsecret = 'a-secret-of-sixteen'\n";
    assert_eq!(
        plan(&here, text).await,
        "+ user cy@acme.example\n+ membership cy@acme.example in acme\n+ token without a name of bo@acme.example in acme\n\
         = 0 unchanged"
    );
    assert_eq!(plan(&here, text).await, "= 3 unchanged");
}

async fn a_locked_user_is_signed_out(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let password = "correct horse battery";
    let session = here.try_sign_in("bo@acme.example", password).await.unwrap();
    here.prove(&session.token).await.unwrap();
    let locked = "[[user]]\nemail = 'bo@acme.example'\nlocked = true\n";
    assert_eq!(plan(&here, locked).await, "~ user bo@acme.example: locked false → true\n= 0 unchanged");
    assert!(here.prove(&session.token).await.is_err());
    apply(&here, &locked.replace("true", "false")).await;
    assert!(here.prove(&session.token).await.is_err(), "what ended stays ended");
    let session = here.try_sign_in("bo@acme.example", password).await.unwrap();
    apply(&here, "[[user]]\nemail = 'bo@acme.example'\nactive = false\n").await;
    assert!(here.prove(&session.token).await.is_err());
}

/// A change of what a warm answer rests on is seen by the next request.
async fn what_is_cached_hears_of_it(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let session = here.try_sign_in("bo@acme.example", "correct horse battery").await.unwrap();
    here.hear().await;
    let held = |entry: std::sync::Arc<herald_app::principal::Entry>| {
        let roles = &entry.principal.authority.roles;
        roles.iter().map(|role| role.key.clone()).collect::<Vec<_>>()
    };
    assert_eq!(held(here.prove(&session.token).await.unwrap()), ["desk"]);
    let before = feed_head(&here).await;
    apply(&here, &SMALL.replace("roles = [\"desk\"]", "roles = [\"developer\"]")).await;
    assert_ne!(feed_head(&here).await, before);
    assert_eq!(held(here.prove(&session.token).await.unwrap()), ["developer"]);
}
