/// Why a [`Signer`] has not signed; what it says is told to the operator.
pub type SignError = Box<dyn std::error::Error + Send + Sync>;

/// Signs the checkpoints of the trail by Ed25519 ([RFC 8032](https://www.rfc-editor.org/rfc/rfc8032)).
///
/// Without one, Vigil makes a key at the first start and keeps it in a file beside the trail. Who owns the machine then
/// owns the key as well, and can rewrite the trail and sign it anew; what shows that is a checkpoint that was kept
/// elsewhere. A signer in front of a key management service, a hardware module or another process keeps the key out of
/// their hands.
///
/// It is called on Vigil's own threads, never on one that records events, and some ten times a second at most. While it
/// fails or takes its time, events go on into the trail; the next checkpoint then covers all of them.
///
/// # Examples
///
/// ```
/// use ed25519_dalek::{Signer as _, SigningKey};
///
/// struct Module(SigningKey);
///
/// impl vigil::Signer for Module {
///     fn name(&self) -> &str {
///         "shop.example/audit"
///     }
///     fn public_key(&self) -> [u8; 32] {
///         self.0.verifying_key().to_bytes()
///     }
///     fn sign(&self, message: &[u8]) -> Result<[u8; 64], vigil::SignError> {
///         Ok(self.0.try_sign(message)?.to_bytes())
///     }
/// }
/// ```
pub trait Signer: Send + Sync + 'static {
    /// The name of the key as it stands in each signature: no spaces, no `+`. Witnesses expect that of the trail's
    /// origin.
    fn name(&self) -> &str;

    /// The public key, in its 32 bytes.
    fn public_key(&self) -> [u8; 32];

    /// The signature of exactly these bytes, by pure Ed25519.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from signing. It is asked again later.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
}
