package io.carillon.target;

import io.carillon.execution.Firing;
import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.execution.Secrets.Revealed;
import io.carillon.job.Auth;
import io.carillon.job.SigningKey;
import io.carillon.job.Target;
import io.carillon.job.TargetRules.Broken;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a request what proves who makes it. Secret headers take the place of others of their
 * name, and {@code auth} has the last word. Values live as long as the request. Thread-safe.
 */
final class Credentials {
  private static final byte[] NOTHING = {};

  private final Secrets secrets;
  private final InstantSource clock;

  Credentials(Secrets secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * @param headers of the request so far
   * @param body the bytes that will be sent; null for none
   * @throws NotRevealed if a value is not to be had: then nothing may be sent
   */
  Headers add(Firing firing, Target.Http target, Headers headers, byte @Nullable [] body)
      throws NotRevealed {
    Auth auth = target.auth();
    if (auth == null && target.secretHeaders().isEmpty()) {
      return headers;
    }
    Headers.Builder proven = headers.newBuilder();
    for (Map.Entry<String, String> header : target.secretHeaders().entrySet()) {
      String name = header.getKey();
      set(proven, name, secrets.open(firing.job().id(), name, header.getValue()));
    }
    if (auth != null) {
      prove(firing.job().id().namespace(), auth, proven, headers, body == null ? NOTHING : body);
    }
    return proven.build();
  }

  private void prove(
      String namespace, Auth auth, Headers.Builder proven, Headers headers, byte[] body)
      throws NotRevealed {
    Revealed value = secrets.reveal(namespace, auth.secret());
    if (value.kind() != auth.kind()) {
      throw unusable(auth, "is of kind " + value.kind());
    }
    switch (auth.type()) {
      case BASIC -> set(proven, "Authorization", "Basic " + pair(auth, value.current()));
      case BEARER -> set(proven, "Authorization", "Bearer " + value.current());
      case HEADER -> set(proven, String.valueOf(auth.header()), value.current());
      case SIGNATURE -> sign(auth, value, proven, headers, body);
    }
  }

  /** RFC 7617, in UTF-8. */
  private static String pair(Auth auth, String secret) throws NotRevealed {
    if (auth.user() == null && secret.indexOf(':') < 1) {
      throw unusable(auth, "is not user:password, and 'auth' names no user");
    }
    String pair = auth.user() == null ? secret : auth.user() + ":" + secret;
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private void sign(Auth auth, Revealed value, Headers.Builder proven, Headers headers, byte[] body)
      throws NotRevealed {
    List<SigningKey> keys = new ArrayList<>();
    for (String text :
        value.previous() == null
            ? List.of(value.current())
            : List.of(value.current(), value.previous())) {
      keys.add(SigningKey.parse(text).orElseThrow(() -> unusable(auth, "holds no signing key")));
    }
    String id = String.valueOf(headers.get(WebhookSignature.ID));
    long seconds = clock.instant().getEpochSecond();
    proven.set(WebhookSignature.TIMESTAMP, Long.toString(seconds));
    proven.set(WebhookSignature.SIGNATURE, WebhookSignature.of(keys, id, seconds, body));
  }

  /** A value that a header cannot carry is refused without being repeated. */
  private static void set(Headers.Builder headers, String name, String value) throws NotRevealed {
    List<Broken> faults = new ArrayList<>();
    HeaderRules.check(Map.of(name, value), faults);
    if (!faults.isEmpty()) {
      throw new NotRevealed(
          Reasons.SECRET_UNREADABLE,
          "the secret for header " + LogText.oneLine(name) + " is not what a header can carry");
    }
    headers.set(name, value);
  }

  private static NotRevealed unusable(Auth auth, String why) {
    return new NotRevealed(
        Reasons.SECRET_UNREADABLE, "the secret '" + LogText.oneLine(auth.secret()) + "' " + why);
  }
}
