//! Every key of a file, as the store holds it.

use domain::{TokenId, UserId};
use herald_app::seal::Place;
use testkit::{Engine, Installation, on_both_engines};
use uuid::Uuid;

use crate::{apply, empty, one, plan};

const FULL: &str = include_str!("../../src/world/tests/full.toml");
const ADA: &str = "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01";
const CI: &str = "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c02";

on_both_engines!(roles_and_tenants, users_and_memberships, programs, what_agents_touch, twice_is_once);

async fn full(engine: Engine) -> Installation {
    let here = empty(engine).await;
    apply(&here, FULL).await;
    here
}

async fn roles_and_tenants(engine: Engine) {
    let here = full(engine).await;
    assert_eq!(
        one(&here, "SELECT description, origin FROM permissions WHERE key = 'reports:read'").await,
        "See reports|world"
    );
    let role = "SELECT name, description, base, level, patterns, assigns, CAST(is_default AS TEXT), \
        CAST(first_user AS TEXT), collections, CAST(default_invite AS TEXT), features, origin FROM roles \
        WHERE key = 'desk' AND tenant_id IS NOT NULL";
    let told = one(&here, role).await.replace("true", "1").replace("false", "0");
    assert_eq!(
        told,
        r#"Desk||guest|4|["reports:read","users:*"]|["guest","desk"]|1|0|[-1,0,1]|0|["sso"]|world"#
    );
    let guest = "SELECT COUNT(*) FROM roles WHERE key = 'guest' AND is_default";
    assert_eq!(one(&here, guest).await, "1", "a tenant's default leaves the installation's alone");
    let tenant = "SELECT id, number, name, features, quotas, metadata, billing_id, mfa_enforce, mfa_device_ttl, \
        lockout_attempts, origin FROM tenants WHERE key = 'acme' AND mfa_remember_device";
    assert_eq!(
        one(&here, tenant).await,
        "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01|9007199254740991|Acme|[]|{}|{}|550e8400-e29b-41d4-a716-446655440000|\
         ForceExceptSAML|86400|5|world"
    );
    assert_eq!(
        one(&here, "SELECT id, key, name FROM sites").await,
        "91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01|hq|Head Office"
    );
}

async fn users_and_memberships(engine: Engine) {
    let here = full(engine).await;
    let ada = "SELECT u.number, u.email, u.name, u.first_name, u.middle_name, u.last_name, u.phone, u.picture, u.kind, \
        u.user_group, t.key, s.key, u.metadata, u.vendor_metadata, u.managed_by, u.created_by, u.updated_by, u.provider, \
        u.totp_step, u.last_login_at, u.origin FROM users u JOIN tenants t ON t.id = u.default_tenant_id \
        JOIN sites s ON s.id = u.default_site_id WHERE u.verified AND u.active AND NOT u.locked AND NOT u.is_operator \
        AND NOT u.super_user AND NOT u.invisible AND NOT u.mfa_bypass AND u.totp_device_id IS NOT NULL";
    assert_eq!(
        one(&here, ada).await,
        r#"1|ada@acme.example|Ada|Ada|-|Ü|+351|https://acme.example/ada.png|USER|A|acme|hq|{"z":1,"a":[true,"2026-01-01T00:00:00Z",1.5],"t":{"x":"y"}}|{}|scim2|root|-|local|-|-|world"#
    );
    let hashes = one(&here, "SELECT number, password_hash FROM users ORDER BY number").await;
    assert!(hashes.starts_with("1|$argon2id$v=19$m=19456,t=2,p=1$c29tZXN"), "{hashes}");
    assert!(
        hashes.contains("\n2|$2b$10$N9qo8"),
        "a number that the file gives is given to nobody else: {hashes}"
    );
    let id = Uuid::parse_str(ADA).unwrap();
    let seed =
        here.ctx.store.read(move |tx| Box::pin(store::users::login_by_id(tx, UserId::from_uuid(id)))).await;
    let sealed = seed.unwrap().unwrap().totp.unwrap().sealed;
    let place = Place { table: "users", column: "totp_sealed", row: id.as_bytes() };
    let seed = here.ctx.sealer.open(place, &sealed).unwrap();
    assert_eq!(seed.as_slice(), b"Hello!\xde\xad\xbe\xefHello!\xde\xad\xbe\xef");
    let membership = "SELECT m.expires_at, m.origin, r.key, s.key FROM memberships m \
        JOIN membership_roles mr ON mr.user_id = m.user_id JOIN roles r ON r.id = mr.role_id \
        JOIN membership_sites ms ON ms.user_id = m.user_id JOIN sites s ON s.id = ms.site_id WHERE m.active";
    assert_eq!(one(&here, membership).await, "1924988400000000|world|desk|hq");
}

async fn programs(engine: Engine) {
    let here = full(engine).await;
    let client = "SELECT client_id, secret_digest, secret_bytes, name, grants, scopes, redirect_uris, origin FROM clients \
        WHERE NOT environment";
    assert_eq!(
        one(&here, client).await,
        r#"app|ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad|-|App|["authorization_code"]|[]|["https://acme.example/back","com.acme.app:/back"]|world"#
    );
    let token = "SELECT k.id, k.number, k.kind, k.name, k.utility, r.key, u.email, k.digest, k.created_at, k.expires_at, \
        k.revoked_at FROM tokens k JOIN roles r ON r.id = k.cap_id JOIN users u ON u.id = k.owner_id";
    assert_eq!(
        one(&here, token).await,
        format!(
            "{CI}|1|api_key|ci|CICD|guest|ada@acme.example|\
             9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f|1767229200000000|1798761600000000|-"
        )
    );
    let own = "SELECT k.number, k.name, k.digest, r.key, k.scopes FROM tokens k JOIN token_roles tr ON tr.token_id = k.id \
        JOIN roles r ON r.id = tr.role_id WHERE k.owner_id IS NULL AND k.sealed IS NULL";
    assert_eq!(
        one(&here, own).await,
        "2||ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad|desk|read write"
    );
    let id = Uuid::parse_str(CI).unwrap();
    let read =
        here.ctx.store.read(move |tx| Box::pin(store::world::token::by_id(tx, TokenId::from_uuid(id)))).await;
    let sealed = read.unwrap().unwrap().sealed.unwrap();
    let place = Place { table: "tokens", column: "sealed", row: id.as_bytes() };
    assert_eq!(here.ctx.sealer.open(place, &sealed).unwrap().as_slice(), b"0123456789abcdef");
}

async fn what_agents_touch(engine: Engine) {
    let here = full(engine).await;
    assert_eq!(
        one(&here, "SELECT number, name, url, kind, origin FROM webhooks").await,
        "1|alerts|http://localhost:1/x|SLACK|world"
    );
    assert_eq!(
        one(&here, "SELECT private, partner, origin FROM networks").await,
        r#"["10.0.0.0/8"]|["2001:db8::/32"]|world"#
    );
    assert_eq!(
        one(&here, "SELECT url, collection, method, access, origin FROM endpoints").await,
        "/|0|GET|0|world"
    );
    assert_eq!(
        one(&here, "SELECT agent, device, user_name, domain, topic, input_tokens, output_tokens, harmful, reason, at FROM \
            activities")
        .await,
        "a|d|u|-|t|0|0|x|y|1767225600000000"
    );
}

async fn twice_is_once(engine: Engine) {
    let here = full(engine).await;
    here.advance(testkit::hours(1));
    assert_eq!(plan(&here, FULL).await, "= 14 unchanged");
}
