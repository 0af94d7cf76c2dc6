//! What each kind of credential proves, and what proves nothing.

use domain::TokenId;
use domain::credential::CredentialKind;
use domain::standing::Dead;
use herald_app::Unproven;
use herald_app::jwt::Purpose;
use serde_json::json;
use testkit::{Engine, Installation, Setup, World, demo, on_both_engines};

use crate::support::{dead, lives, mint, named};

on_both_engines! {
    each_kind_proves_its_holder,
    a_signed_token_proves_by_its_row,
    what_is_not_ours_proves_nothing,
    a_signature_counts_for_its_own_kind_only,
    a_tenants_own_token_is_the_tenants,
    size_is_bounded,
}

async fn each_kind_proves_its_holder(engine: Engine) {
    let it = Installation::on(engine).await;
    let session = it.sign_in(demo::MIRA).await;
    let grant = it.grant(demo::MIRA).await;
    let minted = mint(&it, &session.token, named("ci")).await.unwrap();
    let cases = [
        (session.token.as_str(), CredentialKind::SessionToken, true),
        (grant.token.as_str(), CredentialKind::OauthAccess, true),
        (minted.as_str(), CredentialKind::ApiKey, false),
        (demo::key(demo::MIRA), CredentialKind::ApiKey, false),
    ];
    let mut proved = Vec::new();
    for (presented, kind, has_session) in cases {
        let entry = it.prove(presented).await.unwrap();
        let principal = &entry.principal;
        assert_eq!(principal.credential.kind, kind);
        assert_eq!(principal.profile().unwrap().user.email.as_str(), demo::MIRA);
        assert_eq!(principal.tenant, Some(it.tenant_id("northwind").await));
        assert_eq!(principal.credential.session.is_some(), has_session);
        assert_eq!(principal.signed_in_at.is_some(), has_session);
        proved.push(entry);
    }
    for pair in proved.windows(2) {
        assert!(pair[0].principal.same_as(&pair[1].principal));
    }
    let other = it.prove(demo::key(demo::GUS)).await.unwrap();
    assert!(!proved[0].principal.same_as(&other.principal));
}

/// A row for a signed API token of Mira's, as Aegis' door will make them.
async fn signed_row(it: &Installation) -> TokenId {
    let id = TokenId::from_uuid(it.ctx.new_id());
    let e = it.engine();
    let (tenant, owner) = (it.tenant_id("northwind").await.uuid(), it.user_id(demo::MIRA).await.uuid());
    it.sql(&format!(
        "INSERT INTO tokens (id, number, tenant_id, owner_id, kind, name, provider, created_at, origin) \
         VALUES ({}, 900, {}, {}, 'signed', 'a', 'local', 0, '')",
        e.uuid(id.uuid()),
        e.uuid(tenant),
        e.uuid(owner)
    ))
    .await;
    id
}

fn jwt(it: &Installation, purpose: Purpose, jti: &str) -> String {
    let claims = json!({ "iss": it.ctx.config.public_url, "jti": jti, "exp": 1 });
    it.ctx.keys.sign(purpose, "JWT", &claims).unwrap()
}

async fn a_signed_token_proves_by_its_row(engine: Engine) {
    let it = Installation::on(engine).await;
    let id = signed_row(&it).await;
    let token = jwt(&it, Purpose::ApiToken, &id.to_string());
    let entry = it.prove(&token).await.unwrap();
    assert_eq!(entry.principal.credential.kind, CredentialKind::SignedToken);
    assert_eq!(entry.principal.credential.id, id.uuid());
    it.sql(&format!("UPDATE tokens SET revoked_at = 1 WHERE id = {}", engine.uuid(id.uuid()))).await;
    assert_eq!(dead(&it, &token).await, Some(Dead::Revoked));
}

async fn a_signature_counts_for_its_own_kind_only(engine: Engine) {
    let it = Installation::on(engine).await;
    let id = signed_row(&it).await;
    let grant = it.grant(demo::MIRA).await;
    let access = it.prove(&grant.token).await.unwrap().principal.credential.id;
    let key = it.prove(demo::key(demo::MIRA)).await.unwrap().principal.credential.id;
    let wrong = [
        (Purpose::OauthAccess, id.to_string()),
        (Purpose::Frontegg, id.to_string()),
        (Purpose::ApiToken, access.to_string()),
        (Purpose::Frontegg, access.to_string()),
        (Purpose::ApiToken, key.to_string()),
        (Purpose::ApiToken, "not an id".to_owned()),
        (Purpose::ApiToken, String::new()),
    ];
    for (purpose, jti) in wrong {
        assert_eq!(dead(&it, &jwt(&it, purpose, &jti)).await, Some(Dead::Unknown), "{purpose} {jti}");
    }
    let claims = json!({ "iss": "https://elsewhere.example", "jti": id.to_string() });
    let elsewhere = it.ctx.keys.sign(Purpose::ApiToken, "JWT", &claims).unwrap();
    assert_eq!(dead(&it, &elsewhere).await, Some(Dead::Unknown));
    let nameless = it.ctx.keys.sign(Purpose::ApiToken, "JWT", &json!({ "jti": id.to_string() })).unwrap();
    assert_eq!(dead(&it, &nameless).await, Some(Dead::Unknown));
}

async fn what_is_not_ours_proves_nothing(engine: Engine) {
    let it = Installation::on(engine).await;
    let stranger = Installation::with(Setup::on(engine).world(World::Nobody)).await;
    let id = signed_row(&it).await.to_string();
    let good = jwt(&it, Purpose::ApiToken, &id);
    let grant = it.grant(demo::MIRA).await;
    let session = it.sign_in(demo::MIRA).await;
    let parts: Vec<&str> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let refresh = grant.refresh.unwrap();
    let tampered = format!("{}A", &session.token[..session.token.len() - 1]);
    let junk = [
        jwt(&stranger, Purpose::ApiToken, &id),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}.x"),
        refresh.clone(),
        refresh.replacen("hr_", "hs_", 1),
        refresh.replacen("hr_", "", 1),
        session.token.replacen("hs_", "", 1),
        session.token.replacen("hs_", "hr_", 1),
        session.token.to_uppercase(),
        tampered,
        format!(" {}", session.token),
        demo::key(demo::MIRA).to_lowercase(),
        demo::key(demo::MIRA)[1..].to_owned(),
    ];
    let plain =
        ["", " ", ".", "..", "eyJ", "eyJ..", "hs_", "hr_", "herald_", "null", "%00", "\u{0}", "'; --", "ä"];
    for presented in junk.iter().map(String::as_str).chain(plain) {
        assert_eq!(dead(&it, presented).await, Some(Dead::Unknown), "{presented}");
    }
    assert!(lives(&it, &good).await && lives(&it, &session.token).await && lives(&it, &grant.token).await);
}

async fn size_is_bounded(engine: Engine) {
    let it = Installation::on(engine).await;
    for prefix in ["", "hs_", "hr_", "eyJ", "herald_"] {
        for size in [16 * 1024, 16 * 1024 + 1, 1 << 20] {
            let presented = format!("{prefix}{}", "a".repeat(size));
            let outcome = it.prove(&presented).await;
            assert!(matches!(outcome, Err(Unproven::Dead(Dead::Unknown))), "{prefix} {size}");
        }
    }
}

async fn a_tenants_own_token_is_the_tenants(engine: Engine) {
    let it = Installation::on(engine).await;
    let (tenant, id) = (it.tenant_id("northwind").await, it.ctx.new_id());
    let digest = engine.bytes(&herald_app::principal::digest("the tenant's own key"));
    let (id, role) = (engine.uuid(id), engine.uuid(domain::Builtin::Member.id().uuid()));
    let maker = engine.uuid(it.user_id(demo::NOOR).await.uuid());
    it.sql(&format!(
        "INSERT INTO tokens (id, number, tenant_id, kind, name, digest, provider, created_by, created_at, origin) \
         VALUES ({id}, 900, {}, 'api_key', 'a', {digest}, 'local', {maker}, 0, ''); \
         INSERT INTO token_roles (token_id, role_id) VALUES ({id}, {role})",
        engine.uuid(tenant.uuid())
    ))
    .await;
    let caller = it.caller("the tenant's own key").await;
    assert_eq!((caller.user_id(), caller.principal().tenant), (None, Some(tenant)));
    let may = |permission: &domain::Permission, tenant| {
        caller.principal().authority.decide(permission, tenant, domain::decision::Door::Own).allowed
    };
    assert!(may(&domain::Permission::ENDPOINTS_WRITE, Some(tenant)));
    assert!(!may(&domain::Permission::USERS_WRITE, Some(tenant)));
    assert!(!may(&domain::Permission::ENDPOINTS_WRITE, Some(it.tenant_id("contoso").await)));
    it.sql("DELETE FROM users WHERE email LIKE 'noor%'").await;
    assert!(lives(&it, "the tenant's own key").await, "it outlives its maker");
    it.sql("DELETE FROM tenants WHERE key = 'northwind'").await;
    assert_eq!(dead(&it, "the tenant's own key").await, Some(Dead::Unknown), "and dies with its tenant");
}
