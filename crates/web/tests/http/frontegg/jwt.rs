//! The user token, read as a stranger's backend reads it.

use app::jwt::Purpose;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use testkit::{demo, hours};

use super::{ENVIRONMENT, NORTHWIND, UNAUTHORIZED, me, part, said};
use crate::kit::{Herald, bare};

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn text(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn case_13_verifies_with_the_jwks_and_with_the_public_key() {
    let herald = Herald::demo().await;
    let token = herald.signed_in(demo::MIRA).await.access;
    let header = part(&token, 0);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    let jwks = herald.send(bare("GET", "/.well-known/jwks.json", &[])).await.json();
    let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
    assert_eq!((&key["kty"], &key["alg"]), (&json!("RSA"), &json!("RS256")));
    let (n, e) = (bytes(key["n"].as_str().unwrap()), bytes(key["e"].as_str().unwrap()));
    assert!(n.len() >= 256);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = bytes(signature);
    let components = RsaPublicKeyComponents { n, e };
    components.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).unwrap();
    let pem = herald.at.ctx.keys.public_pem(Purpose::Frontegg).unwrap();
    let spki: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, STANDARD.decode(spki).unwrap());
    public.verify(signed.as_bytes(), &signature).unwrap();
}

#[tokio::test]
async fn case_13_claims_of_the_contract() {
    let herald = Herald::demo().await;
    herald.at.advance(hours(1));
    let mira = herald.signed_in(demo::MIRA).await;
    let claims = mira.claims();
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    let catalogue = app::catalogue::permissions(&herald.at.ctx).await.unwrap();
    let keys: Vec<_> = catalogue.iter().map(|declared| declared.permission.as_str()).collect();
    assert!(keys.is_sorted() && keys.contains(&"devices:write"));
    let wanted = json!({"iss":"http://127.0.0.1:8080","aud":ENVIRONMENT,"sub":"0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01",
     "type":"userToken","jti":claims["jti"],"sid":claims["sid"],"tenantId":NORTHWIND,"tenantIds":[NORTHWIND,contoso],
     "userId":"0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01","name":"Mira Holt","email":"mira.holt@northwind.example",
     "email_verified":true,"phoneNumber":"+351 555 0100","profilePictureUrl":"","metadata":{"theme":"dark"},
     "roles":["admin"],"permissions":keys,"amr":["pwd"],"auth_time":1_795_510_800,"iat":1_795_510_800,"exp":1_795_514_400});
    assert_eq!(claims.to_string(), wanted.to_string());
    for id in ["jti", "sid"] {
        assert!(uuid::Uuid::try_parse(claims[id].as_str().unwrap()).is_ok());
    }
}

#[tokio::test]
async fn roles_are_expanded_and_those_of_the_account_alone() {
    let herald = Herald::demo().await;
    let noor = herald.signed_in(demo::NOOR).await.claims();
    assert_eq!(noor["roles"], json!(["member", "technician"]));
    let permissions = noor["permissions"].as_array().unwrap();
    assert!(permissions.contains(&"devices:write".into()) && !permissions.contains(&"users:write".into()));
    assert!(permissions.iter().all(|key| !key.as_str().unwrap().contains('*')));
    let otto = herald.signed_in(demo::OTTO).await.claims();
    assert_eq!(otto["roles"], json!(["admin"]));
    assert!(otto.get("phoneNumber").is_none());
}

#[tokio::test]
async fn case_14_forgeries() {
    let herald = Herald::demo().await;
    let token = herald.signed_in(demo::MIRA).await.access;
    let [header, claims, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut forged = vec![
        format!("{}.{claims}.", text(&json!({"alg":"none","typ":"JWT"}))),
        format!(
            "{}.{claims}.{signature}",
            text(&json!({"alg":"none","typ":"JWT","kid":part(&token, 0)["kid"]}))
        ),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([0; 256])),
    ];
    let pem = herald.at.ctx.keys.public_pem(Purpose::Frontegg).unwrap();
    for secret in [pem.as_bytes(), pem.trim_end().as_bytes()] {
        let head = text(&json!({"alg":"HS256","typ":"JWT","kid":part(&token, 0)["kid"]}));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let tag = hmac::sign(&key, format!("{head}.{claims}").as_bytes());
        forged.push(format!("{head}.{claims}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())));
    }
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    for (name, value) in [("tenantId", contoso.as_str()), ("iss", "http://evil.example"), ("aud", "another")]
    {
        let mut changed = part(&token, 1);
        changed[name] = value.into();
        forged.push(format!("{header}.{}.{signature}", text(&changed)));
    }
    for token in &forged {
        assert_eq!(said(&herald.send(me(token)).await), (401, UNAUTHORIZED), "{token}");
    }
    assert_eq!(herald.status_of_me(&token).await, 200);
}

#[tokio::test]
async fn case_14_our_own_key_and_a_foreign_word() {
    let herald = Herald::demo().await;
    let token = herald.signed_in(demo::MIRA).await.access;
    let sign = |purpose, change: &dyn Fn(&mut Value)| {
        let mut claims = part(&token, 1);
        change(&mut claims);
        herald.at.ctx.keys.sign(purpose, "JWT", &claims).unwrap()
    };
    let unchanged = sign(Purpose::Frontegg, &|_| ());
    assert_eq!(herald.status_of_me(&unchanged).await, 200, "the way of this test");
    for token in [
        sign(Purpose::Frontegg, &|claims| claims["iss"] = "http://evil.example".into()),
        sign(Purpose::Frontegg, &|claims| claims["jti"] = uuid::Uuid::nil().to_string().into()),
        sign(Purpose::OauthAccess, &|_| ()),
        sign(Purpose::ApiToken, &|_| ()),
    ] {
        assert_eq!(said(&herald.send(me(&token)).await), (401, UNAUTHORIZED));
    }
    // Another installation has other keys.
    let other = Herald::of(super::world::WORLD).await;
    assert_eq!(said(&other.send(me(&token)).await), (401, UNAUTHORIZED));
}
