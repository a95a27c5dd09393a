package io.carillon.spec;

import io.carillon.job.Auth;
import io.carillon.job.JobId;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.StoredSecret;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what proves who makes a call: {@code auth}, {@code secretHeaders}, and the {@code secret}
 * of a callback. Values are encrypted as they are read, and no fault repeats one. What a definition
 * already had is not looked up again. One use; not thread-safe.
 */
final class SecretReader {
  private static final String AUTH = "auth";
  private static final String HEADERS = "secretHeaders";
  private static final String SECRET = "secret";
  private static final String USER = "[^\\p{Cntrl}:]{1,255}";

  private final Fields fields;
  private final TargetRules rules;
  private final SecretRules secrets;
  private final TargetOwner owner;
  private @Nullable String setByAuth;

  SecretReader(Fields fields, TargetRules rules, TargetOwner owner) {
    this.fields = fields;
    this.rules = rules;
    this.secrets = rules.secrets();
    this.owner = owner;
  }

  /** As a client says it. */
  private enum Type {
    NONE,
    BASIC,
    BEARER,
    HEADER,
    SIGNATURE
  }

  /**
   * @param headers of the target: none may be what {@code auth} sets
   * @return null for none, and if anything is wrong
   */
  @Nullable Auth auth(Map<String, String> headers) {
    Fields auth = fields.fields(AUTH);
    if (auth == null) {
      return null;
    }
    int before = auth.faults().count();
    Type type = auth.oneOf("type", Type.class);
    if (!auth.has("type")) {
      auth.required("type");
    }
    if (type == null) {
      return null;
    }
    if (type == Type.NONE) {
      auth.end();
      return null;
    }
    String secret = auth.text(SECRET);
    if (!auth.has(SECRET)) {
      auth.required(SECRET);
    }
    String user = type == Type.BASIC ? user(auth) : null;
    String header = type == Type.HEADER ? header(auth) : null;
    auth.end();
    setByAuth = type == Type.HEADER ? header : type == Type.SIGNATURE ? null : "Authorization";
    if (setByAuth != null && has(headers, setByAuth)) {
      fields.fault(
          AUTH, "auth_conflict", "'auth' sets the header " + setByAuth + ", and so does 'headers'");
    }
    if (isUnavailable(AUTH) || secret == null || (type == Type.HEADER && header == null)) {
      return null;
    }
    Auth read = new Auth(Auth.Type.valueOf(type.name()), secret, user, header);
    if (!(current() instanceof Target.Http http && read.equals(http.auth()))) {
      look(auth, secret, read.kind());
    }
    return auth.faults().count() > before ? null : read;
  }

  private static @Nullable String user(Fields auth) {
    String user = auth.text("user");
    if (user != null && !user.matches(USER)) {
      auth.fault("user", "auth_user", "1 to 255 characters, no colon and no control characters");
    }
    return user;
  }

  private @Nullable String header(Fields auth) {
    String header = auth.text("header");
    if (!auth.has("header")) {
      auth.required("header");
    }
    if (header != null) {
      for (TargetRules.Broken broken : rules.headers(Map.of(header, ""))) {
        auth.fault("header", broken.code(), broken.detail());
      }
    }
    return header;
  }

  private static boolean has(Map<String, String> headers, String name) {
    return headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Notes that there is no key, if there is none. */
  private boolean isUnavailable(String field) {
    if (!secrets.available()) {
      fields.fault(field, "secrets_unavailable", "this server has no key to keep secrets with");
    }
    return !secrets.available();
  }

  private void look(Fields where, String secret, SecretKind wanted) {
    if (!StoredSecret.isName(secret)) {
      where.fault(SECRET, "secret_name", "not the name of a secret");
      return;
    }
    SecretKind kind = secrets.kind(owner.namespace(), secret).orElse(null);
    if (kind == null) {
      where.fault(SECRET, "secret_unknown", "there is no secret '" + secret + "'");
    } else if (kind != wanted) {
      where.fault(
          SECRET,
          "secret_kind",
          "'" + secret + "' is of kind " + kind + "; what is needed here is " + wanted);
    }
  }

  private @Nullable Target current() {
    return owner.current() == null ? null : owner.current().target();
  }

  /** The name of the signing key of a callback, whose fields these are. */
  void callback() {
    String secret = fields.text(SECRET);
    if (secret == null || isUnavailable(SECRET)) {
      return;
    }
    boolean known =
        owner.current() != null
            && owner.current().options().get("callback") instanceof Map<?, ?> callback
            && secret.equals(callback.get(SECRET));
    if (!known) {
      look(fields, secret, SecretKind.SIGNING);
    }
  }

  /**
   * Encrypted values by name. To be asked after {@link #auth}.
   *
   * @param headers those in clear, which must not have the same names
   */
  Map<String, String> headers(Map<String, String> headers, @Nullable String url) {
    Map<String, String> given = TargetReader.texts(fields, HEADERS);
    if (!fields.has(HEADERS)) {
      return Map.of();
    }
    JobId job = owner.job();
    if (job == null) {
      fields.fault(
          HEADERS,
          "secret_headers_in_task",
          "a task keeps no secret headers: store a secret and name it in 'auth'");
      return Map.of();
    }
    TargetReader.checkHeaders(fields, HEADERS, given, rules);
    checkTogether(given, headers);
    if (isUnavailable(HEADERS)) {
      return Map.of();
    }
    Map<String, String> kept = kept();
    Map<String, String> sealed = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          String there = kept.get(name);
          if (!value.equals(SecretRules.MASK)) {
            sealed.put(name, secrets.seal(job, name, value));
          } else if (there == null) {
            headerFault(
                name, "secret_header_unknown", "*** is the value that is there, and there is none");
          } else if (url != null && !isSameOrigin(url)) {
            headerFault(
                name,
                "secret_header_origin",
                "the URL leads to another origin than before: give the value anew");
          } else {
            sealed.put(name, there);
          }
        });
    return sealed;
  }

  /** The limits of headers hold for all of them. */
  private void checkTogether(Map<String, String> given, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    for (String name : given.keySet()) {
      if (has(headers, name)) {
        headerFault(name, "header_duplicate", "the same header is among 'headers'");
      } else if (name.equalsIgnoreCase(setByAuth)) {
        headerFault(name, "auth_conflict", "'auth' sets this header");
      }
      all.put(name, given.get(name));
    }
    if (isWithinLimits(given) && isWithinLimits(headers)) {
      rules.headers(all).stream()
          .filter(broken -> broken.name() == null)
          .forEach(broken -> fields.fault(HEADERS, broken.code(), broken.detail()));
    }
  }

  private boolean isWithinLimits(Map<String, String> headers) {
    return rules.headers(headers).stream().noneMatch(broken -> broken.name() == null);
  }

  private void headerFault(String name, String code, String detail) {
    fields.faults().add(Faults.child(fields.pointer(HEADERS), name), code, detail);
  }

  private Map<String, String> kept() {
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (current() instanceof Target.Http http) {
      kept.putAll(http.secretHeaders());
    }
    return kept;
  }

  /** Otherwise whoever may change a job could have its secrets sent to himself. */
  private boolean isSameOrigin(String url) {
    return current() instanceof Target.Http http && origin(http.url()).equals(origin(url));
  }

  private static String origin(String url) {
    return url.substring(0, UrlTemplate.endOfAuthority(url)).toLowerCase(Locale.ROOT);
  }
}
