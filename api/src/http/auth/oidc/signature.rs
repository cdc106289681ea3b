//! Checks signatures with `ring`, which TLS brings along: no second library of cryptography is
//! compiled for a handful of verifications. Nothing here signs, and no symmetric algorithm exists.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
    signature::{Error, Verifier},
};
use ring::signature::{
    self as with, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

static RING: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes `ring` what `jsonwebtoken` verifies with in this process; a second call changes nothing.
pub fn install() {
    if RING.install_default().is_err() {
        tracing::trace!("signatures are verified already");
    }
}

struct Ring {
    algorithm: Algorithm,
    key: DecodingKey,
}

/// A verifier for an asymmetric algorithm and a key of its family.
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let family = algorithm.family();
    if family == AlgorithmFamily::Hmac || family != key.family() {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(Ring { algorithm: *algorithm, key: key.clone() }))
}

impl JwtVerifier for Ring {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Ring {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let good = match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => rsa(self.algorithm)
                .map(|how| RsaPublicKeyComponents { n, e }.verify(how, message, signature)),
            DecodingKeyKind::SecretOrDer(point) => curve(self.algorithm)
                .map(|how| UnparsedPublicKey::new(how, point).verify(message, signature)),
        };
        good.and_then(std::result::Result::ok).ok_or_else(Error::new)
    }
}

/// Keys of 2,048 to 8,192 bits; shorter ones verify nothing.
fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::RS256 => &with::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::RS384 => &with::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::RS512 => &with::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::PS256 => &with::RSA_PSS_2048_8192_SHA256,
        Algorithm::PS384 => &with::RSA_PSS_2048_8192_SHA384,
        Algorithm::PS512 => &with::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn curve(algorithm: Algorithm) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match algorithm {
        Algorithm::ES256 => &with::ECDSA_P256_SHA256_FIXED,
        Algorithm::ES384 => &with::ECDSA_P384_SHA384_FIXED,
        Algorithm::EdDSA => &with::ED25519,
        _ => return None,
    })
}
