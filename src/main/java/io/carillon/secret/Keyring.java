package io.carillon.secret;

import io.carillon.config.SecretsConfig;
import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets.NotRevealed;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts with AES-256-GCM (NIST SP 800-38D): a random nonce of 96 bits, a tag of
 * 128. The first key encrypts, every key decrypts. Immutable; thread-safe; some microseconds a
 * call.
 */
public final class Keyring {
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int TAG_BITS = 128;

  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
  private final @Nullable String first;
  private final SecureRandom random = new SecureRandom();

  public Keyring(SecretsConfig config) {
    config.keys().forEach(key -> keys.put(key.id(), new SecretKeySpec(key.bytes(), "AES")));
    this.first = config.keys().isEmpty() ? null : config.keys().get(0).id();
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Whether there is more than the key that encrypts, so that something may be left to others. */
  boolean holdsOlderKeys() {
    return keys.size() > 1;
  }

  /** The ids, the one that encrypts first. */
  List<String> ids() {
    return List.copyOf(keys.keySet());
  }

  /** The id of the key that encrypts. */
  String current() {
    if (first == null) {
      throw new IllegalStateException("there is no key to encrypt with");
    }
    return first;
  }

  Sealed seal(String value, Place place) {
    return sealWith(current(), value, place);
  }

  /** By another key than the first. */
  Sealed sealWith(String id, String value, Place place) {
    byte[] nonce = new byte[Sealed.NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, id, nonce, place);
      return new Sealed(id, nonce, cipher.doFinal(value.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encrypting with key " + id, e);
    }
  }

  /**
   * @param what for the words of the exception
   */
  String open(Sealed sealed, Place place, String what) throws NotRevealed {
    if (!keys.containsKey(sealed.keyId())) {
      throw new NotRevealed(
          Reasons.SECRET_UNREADABLE,
          what + " is encrypted with key '" + sealed.keyId() + "', which this node does not have");
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, sealed.keyId(), sealed.nonce(), place);
      return new String(cipher.doFinal(sealed.ciphertext()), StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw new NotRevealed(
          Reasons.SECRET_UNREADABLE,
          what
              + " does not open with key '"
              + sealed.keyId()
              + "': damaged, moved, or another key");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("decrypting with key " + sealed.keyId(), e);
    }
  }

  private Cipher cipher(int mode, String id, byte[] nonce, Place place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, keys.get(id), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.bytes());
    return cipher;
  }

  @Override
  public String toString() {
    return "Keyring" + keys.keySet();
  }
}
