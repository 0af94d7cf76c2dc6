use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::*;

/// A key as the store would hold it: algorithm, purpose, kid, private half.
type Made = (Algorithm, Purpose, &'static str, Vec<u8>);

/// Made once: an RSA key takes its time.
static DERS: LazyLock<Vec<Made>> = LazyLock::new(|| {
    [
        (Algorithm::Es256, Purpose::OauthAccess, "es"),
        (Algorithm::EdDsa, Purpose::ApiToken, "ed"),
        (Algorithm::Rs256, Purpose::Frontegg, "rs"),
    ]
    .map(|(algorithm, purpose, kid)| {
        let key = SigningKey::generate(algorithm, purpose, kid).unwrap();
        (algorithm, purpose, kid, key.private_der().to_vec())
    })
    .to_vec()
});

fn keys() -> Vec<SigningKey> {
    DERS.iter()
        .map(|(algorithm, purpose, kid, der)| {
            SigningKey::from_pkcs8(*algorithm, *purpose, *kid, Zeroizing::new(der.clone())).unwrap()
        })
        .collect()
}

fn ring() -> KeyRing {
    KeyRing::new(keys()).unwrap()
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn header_of(token: &str) -> Value {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice(&header).unwrap()
}

#[test]
fn signs_and_verifies_with_each_algorithm() {
    let ring = ring();
    for (algorithm, purpose, kid, _) in DERS.iter() {
        // Long expired and not yet valid: both are the caller's to judge, with Herald's clock.
        let claims = json!({ "sub": "ada", "exp": 1, "nbf": 9_999_999_999_u64, "aud": ["x"], "iss": "y" });
        let token = ring.sign(*purpose, "at+jwt", &claims).unwrap();
        assert_eq!(header_of(&token), json!({ "typ": "at+jwt", "alg": algorithm.as_str(), "kid": kid }));
        let verified = ring.verify(&token).unwrap();
        assert_eq!(verified.purpose, *purpose);
        assert_eq!(verified.typ.as_deref(), Some("at+jwt"));
        assert_eq!(Value::Object(verified.claims), claims);
    }
}

#[test]
fn the_newest_key_signs_and_the_old_one_still_verifies() {
    let old = ring().sign(Purpose::OauthAccess, "at+jwt", &json!({})).unwrap();
    let mut all = keys();
    all.push(SigningKey::generate(Algorithm::EdDsa, Purpose::OauthAccess, "next").unwrap());
    let ring = KeyRing::new(all).unwrap();
    let new = ring.sign(Purpose::OauthAccess, "at+jwt", &json!({})).unwrap();
    assert_eq!(header_of(&new)["kid"], "next");
    assert!(ring.verify(&old).is_ok());
    assert!(ring.verify(&new).is_ok());
    assert_eq!(self::ring().verify(&new).unwrap_err(), Rejected::UnknownKey);
}

#[test]
fn a_foreign_key_of_the_same_kid_does_not_open() {
    let foreign = SigningKey::generate(Algorithm::Es256, Purpose::OauthAccess, "es").unwrap();
    let token =
        KeyRing::new(vec![foreign]).unwrap().sign(Purpose::OauthAccess, "at+jwt", &json!({})).unwrap();
    assert_eq!(ring().verify(&token).unwrap_err(), Rejected::BadSignature);
}

#[test]
fn no_algorithm_is_taken_from_the_header() {
    let ring = ring();
    let claims = json!({ "sub": "mallory" });
    for (_, _, kid, _) in DERS.iter() {
        for alg in ["none", "None", "NONE", "", "HS256", "RS384", "PS256", "ES384", "ES256", "RS256", "EdDSA"]
        {
            let head = part(&json!({ "alg": alg, "kid": kid, "typ": "at+jwt" }));
            for signature in ["", "AAAA"] {
                assert!(
                    ring.verify(&format!("{head}.{}.{signature}", part(&claims))).is_err(),
                    "{kid} {alg}"
                );
            }
        }
    }
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    let ring = ring();
    let pem = ring.public_pem(Purpose::Frontegg).unwrap();
    let jwk = ring.jwks()["keys"][2].clone();
    let n = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for secret in [pem.as_bytes(), pem.trim_end().as_bytes(), n.as_slice()] {
        for (alg, kid) in [
            (jsonwebtoken::Algorithm::HS256, "rs"),
            (jsonwebtoken::Algorithm::HS384, "rs"),
            (jsonwebtoken::Algorithm::HS512, "es"),
            (jsonwebtoken::Algorithm::HS256, "ed"),
        ] {
            let mut header = Header::new(alg);
            header.kid = Some(kid.to_owned());
            let token =
                encode(&header, &json!({ "sub": "mallory" }), &EncodingKey::from_secret(secret)).unwrap();
            assert_eq!(ring.verify(&token).unwrap_err(), Rejected::WrongAlgorithm);
        }
    }
}

#[test]
fn another_keys_kid_does_not_help() {
    let ring = ring();
    let token = ring.sign(Purpose::OauthAccess, "at+jwt", &json!({ "sub": "ada" })).unwrap();
    let rest = token.split_once('.').unwrap().1;
    for head in [
        json!({ "alg": "ES256", "kid": "rs", "typ": "at+jwt" }),
        json!({ "alg": "RS256", "kid": "rs", "typ": "at+jwt" }),
        json!({ "alg": "ES256", "kid": "nobody" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "ES256", "kid": "es", "crit": ["exp"] }),
        json!({ "alg": "ES256", "kid": "es", "typ": "JWT" }),
        // A key that the token brings along is not looked at.
        json!({ "alg": "ES256", "kid": "mine", "jwk": ring.jwks()["keys"][0] }),
    ] {
        assert!(ring.verify(&format!("{}.{rest}", part(&head))).is_err(), "{head}");
    }
}

#[test]
fn any_changed_character_breaks_a_token() {
    let ring = ring();
    for (_, purpose, ..) in DERS.iter() {
        let token = ring.sign(*purpose, "at+jwt", &json!({ "sub": "ada", "tenant": "one" })).unwrap();
        for index in 0..token.len() {
            let mut bent = token.clone().into_bytes();
            bent[index] = if bent[index] == b'A' { b'B' } else { b'A' };
            let bent = String::from_utf8(bent).unwrap();
            assert!(ring.verify(&bent).is_err(), "at {index}: {bent}");
            assert!(ring.verify(&token[..index]).is_err(), "cut at {index}");
        }
        for suffix in [".", "=", " ", "\n", "A", ".AAAA"] {
            assert!(ring.verify(&format!("{token}{suffix}")).is_err(), "{suffix:?}");
        }
    }
}

#[test]
fn garbage_is_refused_and_panics_nothing() {
    let ring = ring();
    let good = ring.sign(Purpose::ApiToken, "JWT", &json!({ "sub": "ada" })).unwrap();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(bound).unwrap()).unwrap()
    };
    let alphabet: Vec<char> = "abcXYZ019-_.={}\"\\ä\u{0}\u{10FFFF} eyJ".chars().collect();
    for _ in 0..5_000 {
        let mut text: Vec<char> = good.chars().collect();
        for _ in 0..=next(6) {
            let (at, to) = (next(text.len() + 1), next(text.len() + 1));
            let insert: Vec<char> = (0..next(9)).map(|_| alphabet[next(alphabet.len())]).collect();
            text.splice(at.min(to)..at.max(to).min(at.min(to) + 12), insert);
        }
        let text: String = text.into_iter().collect();
        assert!(text == good || ring.verify(&text).is_err(), "{text}");
    }
    let deep = format!("{{\"alg\":\"ES256\",\"kid\":\"es\",\"x\":{}", "[".repeat(10_000));
    let deep = URL_SAFE_NO_PAD.encode(deep);
    for text in ["", ".", "..", "...", "a.b.c", "{}.{}.{}", deep.as_str(), &format!("{deep}.e30.AA")] {
        assert!(ring.verify(text).is_err(), "{text}");
    }
}

#[test]
fn claims_that_are_no_object_are_refused() {
    let ring = ring();
    for claims in [json!("text"), json!(1), json!(null), json!([{}])] {
        let token = ring.sign(Purpose::ApiToken, "JWT", &claims).unwrap();
        assert_eq!(ring.verify(&token).unwrap_err(), Rejected::Malformed, "{claims}");
    }
}

#[test]
fn an_overlong_token_is_refused_unread() {
    let ring = ring();
    let long = ring.sign(Purpose::ApiToken, "JWT", &json!({ "x": "y".repeat(MAX_TOKEN_BYTES) })).unwrap();
    assert_eq!(ring.verify(&long).unwrap_err(), Rejected::TooLong);
}

#[test]
fn the_key_set_is_public_and_complete() {
    let ring = ring();
    let set = ring.jwks();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 3);
    let member = |index: usize, name: &str| keys[index][name].as_str().unwrap().to_owned();
    let bytes = |index: usize, name: &str| URL_SAFE_NO_PAD.decode(member(index, name)).unwrap();
    for (index, (algorithm, _, kid, _)) in DERS.iter().enumerate() {
        assert_eq!(member(index, "alg"), algorithm.as_str());
        assert_eq!(member(index, "kid"), *kid);
        assert_eq!(member(index, "use"), "sig");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(keys[index].get(private).is_none(), "{private}");
        }
    }
    assert_eq!((member(0, "kty"), member(0, "crv")), ("EC".to_owned(), "P-256".to_owned()));
    assert_eq!((bytes(0, "x").len(), bytes(0, "y").len()), (32, 32));
    assert_eq!((member(1, "kty"), member(1, "crv")), ("OKP".to_owned(), "Ed25519".to_owned()));
    assert_eq!(bytes(1, "x").len(), 32);
    assert_eq!((member(2, "kty"), member(2, "e")), ("RSA".to_owned(), "AQAB".to_owned()));
    assert_eq!(bytes(2, "n").len(), 256);
}

#[test]
fn a_client_with_the_pem_or_the_key_set_verifies() {
    let ring = ring();
    let token = ring.sign(Purpose::Frontegg, "JWT", &json!({ "sub": "mira" })).unwrap();
    let pem = ring.public_pem(Purpose::Frontegg).unwrap();
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"), "{pem}");
    assert!(pem.lines().all(|line| line.len() <= 64));
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.required_spec_claims.clear();
    let by_pem = jsonwebtoken::DecodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    assert!(jsonwebtoken::decode::<Value>(&token, &by_pem, &validation).is_ok());
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_value(ring.jwks()).unwrap();
    for (algorithm, purpose, kid, _) in DERS.iter() {
        let token = ring.sign(*purpose, "JWT", &json!({ "sub": "mira" })).unwrap();
        let key = jsonwebtoken::DecodingKey::from_jwk(set.find(kid).unwrap()).unwrap();
        validation.algorithms = vec![algorithm.jose()];
        assert!(jsonwebtoken::decode::<Value>(&token, &key, &validation).is_ok(), "{kid}");
    }
}

#[test]
fn a_key_survives_its_serialisation_and_no_other_algorithm() {
    for (algorithm, purpose, kid, der) in DERS.iter() {
        for other in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
            let read = SigningKey::from_pkcs8(other, *purpose, *kid, Zeroizing::new(der.clone()));
            assert_eq!(read.is_ok(), other == *algorithm, "{algorithm} as {other}");
        }
        for length in [0, 1, der.len() - 1] {
            let cut = Zeroizing::new(der[..length].to_vec());
            assert!(SigningKey::from_pkcs8(*algorithm, *purpose, *kid, cut).is_err(), "{algorithm} {length}");
        }
    }
}

#[test]
fn private_keys_do_not_print() {
    let ring = ring();
    let printed = format!("{ring:?}");
    for (_, _, _, der) in DERS.iter() {
        for run in der.windows(6) {
            let listed = format!("{run:?}");
            assert!(!printed.contains(listed.trim_matches(['[', ']'])), "{printed}");
        }
    }
    assert!(printed.contains("SigningKey(es ES256 oauth_access …)"), "{printed}");
}

#[test]
fn two_keys_of_one_kid_are_no_ring() {
    let twice = keys().into_iter().chain(keys()).collect();
    assert_eq!(KeyRing::new(twice).unwrap_err(), RingError::DuplicateKid { kid: "es".to_owned() });
    let empty = KeyRing::new(Vec::new()).unwrap();
    assert!(matches!(
        empty.sign(Purpose::ApiToken, "JWT", &json!({})),
        Err(SignError::NoKey(Purpose::ApiToken))
    ));
    assert!(!empty.signs(Purpose::ApiToken));
    assert_eq!(empty.public_pem(Purpose::Frontegg), None);
}

#[test]
fn the_provider_is_chosen_once_and_by_name() {
    install_provider();
    install_provider();
    // Taken already, or this would succeed; and signing works, or the other tests would panic.
    assert!(jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default().is_err());
    assert!(ring().sign(Purpose::ApiToken, "JWT", &json!({ "at": Duration::from_secs(1) })).is_ok());
}

#[test]
fn names_read_back() {
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
    }
    for algorithm in [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa] {
        assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
    }
    assert_eq!(Algorithm::parse("none"), None);
    assert_eq!(Algorithm::parse("HS256"), None);
}
