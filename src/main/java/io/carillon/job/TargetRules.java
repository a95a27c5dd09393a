package io.carillon.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outbound rules that can be checked when a job is submitted. Pure; thread-safe; answers every
 * fault.
 */
public interface TargetRules {
  /** Faults of a URL: scheme, form, user info, address, port. */
  List<Broken> url(String url);

  /** Faults of request headers: names, values, number, size, reserved names. */
  List<Broken> headers(Map<String, String> headers);

  /**
   * Faults of the name of a host, as breakers are named: what stands in a URL between scheme and
   * port. Whether it may be called is no question here.
   */
  default List<Broken> host(String host) {
    return url("http://" + host + "/");
  }

  /** What mails have to keep to; by default there are none. */
  default MailRules mail() {
    return MailRules.UNAVAILABLE;
  }

  /** What may be done with secrets; by default nothing. */
  default SecretRules secrets() {
    return SecretRules.UNAVAILABLE;
  }

  /** The same rules, but for those of secrets. */
  static TargetRules with(TargetRules rules, SecretRules secrets) {
    return new RulesWithSecrets(rules, secrets);
  }

  /**
   * One fault.
   *
   * @param code stable, such as {@code url_address_denied}
   * @param name the header it is about; null for URLs and for the headers as a whole
   */
  record Broken(String code, String detail, @Nullable String name) {}
}
