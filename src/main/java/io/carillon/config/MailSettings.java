package io.carillon.config;

import java.util.Optional;
import java.util.stream.Stream;

/** The keys of the mail server, which belong together. Stateless. */
final class MailSettings {
  private MailSettings() {}

  /** Empty if this server sends no mail. */
  static Optional<MailConfig> read(Settings settings) {
    String host = settings.find(Keys.MAIL_HOST);
    if (host == null) {
      return Optional.empty();
    }
    MailConfig.Tls tls = settings.get(Keys.MAIL_TLS);
    Integer port = settings.find(Keys.MAIL_PORT);
    return Optional.of(
        new MailConfig(
            host,
            port == null ? tls.port() : port,
            settings.find(Keys.MAIL_USERNAME),
            settings.find(Keys.MAIL_PASSWORD),
            settings.get(Keys.MAIL_FROM),
            tls,
            settings.get(Keys.MAIL_TIMEOUT)));
  }

  /** Notes what is missing, or is there for nothing. */
  static void check(Settings settings) {
    if (!settings.given(Keys.MAIL_HOST)) {
      if (!settings.faulty(Keys.MAIL_HOST)) {
        Stream.of(Keys.MAIL_USERNAME, Keys.MAIL_PASSWORD, Keys.MAIL_FROM)
            .filter(settings::given)
            .forEach(key -> settings.fault(key, "is set without carillon.mail.host", null));
      }
      return;
    }
    if (!settings.given(Keys.MAIL_FROM)) {
      settings.fault(
          Keys.MAIL_FROM, "is needed to send mail", "set carillon.mail.from (CARILLON_MAIL_FROM)");
    }
    if (settings.given(Keys.MAIL_USERNAME) != settings.given(Keys.MAIL_PASSWORD)) {
      settings.fault(Keys.MAIL_USERNAME, "needs carillon.mail.password, and the other way", null);
    }
  }
}
